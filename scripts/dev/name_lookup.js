'use strict';
/** Looks up Python's names in the compiled package, by reflection. */
const fs = require('node:fs');
const path = require('node:path');

const dist = path.join(__dirname, '..', '..', 'dist');
const torch = require(dist);
const { is_absent } = require(path.join(dist, 'absent', 'absent.js'));

/** @param {unknown} value @returns {value is Function} */
const is_class = (value) => typeof value === 'function' && typeof value.prototype === 'object';

/** Whether instances of a class have a field: it is assigned or declared in the source of the class or of one it extends.
 * @param {Function} cls @param {string} name */
function has_field(cls, name) {
  const assigned = new RegExp(`(?:\\bthis\\.|^\\s*|\\bstatic )${name}\\b\\s*(?:\\?\\?)?(?:=[^=]|;)`, 'm');
  for (let at = cls; is_class(at) && at.prototype !== null; at = Object.getPrototypeOf(at)) {
    if (assigned.test(Function.prototype.toString.call(at))) return true;
  }
  return false;
}

/** Whether a class has a method, a property or a field. @param {Function} cls @param {string} name */
function has_member(cls, name) {
  return name in cls || name in cls.prototype || has_field(cls, name);
}

/** Python's classes that are functions here, which make objects of these. @type {Record<string, string>} */
const made_by = { 'torch.finfo': 'FloatInfo', 'torch.iinfo': 'IntegerInfo', 'torch.device': 'Device' };

/** What is under a path of Python's, `torch.nn.Linear`; undefined for what is not here. @param {string} name @returns {unknown} */
function value_at(name) {
  let value = /** @type {any} */ (torch);
  for (const part of name.split('.').slice(1)) {
    if (value === undefined || value === null || is_absent(value)) return undefined;
    value = value[part];
  }
  return is_absent(value) ? undefined : value;
}

/** Files with types that have no value. @type {Record<string, string>} */
const declarations = {
  'torch.types': 'paths/types.d.ts',
  'torch.optim.optimizer': 'optim/optimizer.d.ts',
  'torch.jit': 'jit/eager.d.ts',
};

/** Whether a name is that of a type alone. @param {string} of @param {string} name */
function is_type(of, name) {
  const file = declarations[of];
  if (file === undefined || !/^\w+$/.test(name)) return false;
  const text = fs.readFileSync(path.join(dist, file), 'utf8');
  return new RegExp(`^export (?:type|interface) ${name}\\b`, 'm').test(text);
}

/** Whether the package has what Python has under a path. @param {string} name */
function lookup(name) {
  if (value_at(name) !== undefined) return true;
  const dot = name.lastIndexOf('.');
  const of = name.slice(0, dot);
  const owner = of in made_by ? torch[made_by[of]] : value_at(of);
  if (is_type(of, name.slice(dot + 1))) return true;
  return is_class(owner) && has_member(owner, name.slice(dot + 1));
}

module.exports = { has_member, is_absent, is_class, lookup, torch, value_at };
