/** Random numbers of transforms: the draws of torch's generator that torchvision makes. */
import { empty, rand, randint } from '../../generated/functions.js';

/** Whether a number from [0, 1) is below `p`, both as float32. */
export const happens = (p: number): boolean => rand(1).item<number>() < Math.fround(p);

/** Whether a number from [0, 1) is below `p`, which is a double. */
export const happens_exactly = (p: number): boolean => rand(1).item<number>() < p;

/** A number from [low, high). */
export const uniform = (low: number, high: number): number => empty(1).uniform_(low, high).item<number>();

/** An integer from [low, high). */
export const integer = (low: number, high: number): number => randint(low, high, [1]).item<number>();
