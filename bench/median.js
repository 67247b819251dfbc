'use strict';

/** The median of numbers, the upper one of two in the middle. @param {readonly number[]} numbers */
function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

module.exports = { median };
