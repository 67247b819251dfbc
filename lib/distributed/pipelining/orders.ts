/** What each process does in what order, when it has several stages of a pipeline. */

/** F forward; B backward; I backward to the inputs alone, and W to the parameters. */
export type Pass = 'F' | 'B' | 'I' | 'W';

export interface Computation {
  readonly pass: Pass;
  readonly stage: number;
  readonly chunk: number;
}

/** Computations that begin once the inputs of all of them are there. */
type Step = readonly Computation[];

/** A computation, or a transfer of what it needs or gives. */
export interface Action extends Computation {
  readonly kind: 'compute' | 'send' | 'receive';
}

/** What orders depend on. */
export interface Shape {
  /** The number of processes. */
  readonly size: number;
  /** The number of stages in each of them. */
  readonly local: number;
  /** The number of microbatches. */
  readonly count: number;
}

/** Appends computations of a process, with the microbatches of a stage one after the other. */
class Writer {
  readonly steps: Step[] = [];
  private readonly next = new Map<string, number>();

  /** The next microbatch of a stage. */
  private take(pass: Pass, stage: number): Computation {
    const key = `${stage}${pass}`;
    const chunk = this.next.get(key) ?? 0;
    this.next.set(key, chunk + 1);
    return { pass, stage, chunk };
  }

  add(...passes: readonly (readonly [pass: Pass, stage: number])[]): void {
    this.steps.push(passes.map(([pass, stage]) => this.take(pass, stage)));
  }
}

/** The stages of a process, in turn: the process of a stage is its number modulo the number of processes. */
const in_turn = (rank: number, { size, local }: Shape): number[] =>
  Array.from({ length: local }, (_, i) => rank + i * size);

/** All microbatches of a stage before those of the next one. */
export function breadth_first(rank: number, shape: Shape): Step[] {
  const chunks = Array.from({ length: shape.count }, (_, chunk) => chunk);
  const stages = in_turn(rank, shape);
  const forward = stages.flatMap((stage) => chunks.map((chunk) => [{ pass: 'F', stage, chunk } as const]));
  const backward = stages.map((stage) => chunks.map((chunk) => [{ pass: 'B', stage, chunk } as const]));
  return [...forward, ...backward.flat().reverse()];
}

/**
 * One forward and one backward pass in turn. With `zero_bubble` the gradients of parameters follow later, where a process would wait.
 */
export function interleaved(rank: number, shape: Shape, zero_bubble: boolean): Step[] {
  const { size, local, count } = shape;
  const round = count / Math.max(1, Math.floor(count / size));
  const passes = local * count;
  const hops = (zero_bubble ? 1 : 2) * (size - 1 - rank);
  const ahead = Math.min((local - 1) * round + hops, passes);
  const stage_of = (local_index: number): number => local_index * size + rank;
  const forward_stage = (i: number): number => stage_of(Math.floor(i / round) % local);
  const backward_stage = (i: number): number => stage_of(local - 1 - (Math.floor(i / round) % local));
  const writer = new Writer();
  let weights = 0;
  for (let i = 0; i < passes + ahead; i++) {
    if (i < passes) writer.add(['F', forward_stage(i)]);
    if (i < ahead) continue;
    writer.add([zero_bubble ? 'I' : 'B', backward_stage(i - ahead)]);
    if (zero_bubble && i - ahead >= rank) writer.add(['W', backward_stage(weights++)]);
  }
  while (zero_bubble && weights < passes) writer.add(['W', backward_stage(weights++)]);
  return writer.steps;
}

/** The two stages of a process where the second half of the stages goes back: a V. */
const in_v = (rank: number, size: number): [first: number, second: number] => [rank, 2 * size - 1 - rank];

/** The first and the last stage in one process, whose passes follow each other without waiting. */
export function v_without_bubbles(rank: number, { size, count }: Shape): Step[] {
  const [first, second] = in_v(rank, size);
  const needed = Math.max(2 * size - 1, count);
  const writer = new Writer();
  const repeat = (times: number, ...passes: readonly (readonly [Pass, number])[]): void => {
    for (let i = 0; i < times; i++) for (const pass of passes) writer.add(pass);
  };
  const whole = (stage: number): (readonly [Pass, number])[] => [
    ['I', stage],
    ['W', stage],
  ];
  repeat(2 * (size - rank) - 1, ['F', first]);
  repeat(rank, ['F', second], ['F', first]);
  repeat(size - rank, ['F', second], ...whole(second));
  const started = 2 * size - rank - 1;
  for (let i = 0; i < needed - size; i++) {
    if (started + i < needed) writer.add(['F', first]);
    repeat(1, ...whole(first), ['F', second], ...whole(second));
  }
  repeat(rank, ['I', first], ['I', second]);
  repeat(size - rank, ['I', first], ['W', first]);
  repeat(rank, ['W', second]);
  repeat(rank, ['W', first]);
  return writer.steps.filter(([only]) => only!.chunk < count);
}

/** As {@link v_without_bubbles}, with passes of both directions side by side. */
export function dual_v(rank: number, { size, count }: Shape): Step[] {
  const [first, second] = in_v(rank, size);
  const steps: Step[] = [];
  const next = new Map<string, number>();
  const late: Computation[] = [];
  const take = (pass: Pass, stage: number): Computation => {
    // Backward passes of both kinds share their numbers.
    const key = `${stage}${pass === 'F' ? 'F' : 'B'}`;
    const chunk = next.get(key) ?? 0;
    next.set(key, chunk + 1);
    if (pass === 'I') late.push({ pass: 'W', stage, chunk });
    return { pass, stage, chunk };
  };
  const add = (pass: Pass, stage: number): void => {
    steps.push([take(pass, stage)]);
  };
  const both = (forward: number, backward: number): void => {
    steps.push([take('F', forward), take('B', backward)]);
  };
  const weights = (): void => {
    const computation = late.shift();
    if (computation !== undefined) steps.push([computation]);
  };
  const after = size - rank - 1;
  for (let i = 0; i < 2 * after; i++) add('F', first);
  for (let i = 0; i <= rank; i++) {
    add('F', first);
    add('F', second);
  }
  for (let i = 0; i < after; i++) {
    add('I', second);
    weights();
    add('F', second);
  }
  for (let i = 0; i < count - 2 * size + rank + 1; i++) {
    if (i === 0 && after === 0) {
      add('F', first);
      add('B', second);
    } else both(first, second);
    both(second, first);
  }
  for (let i = 0; i < after; i++) {
    add('B', second);
    both(second, first);
  }
  let split = false;
  const half = (rank + 1) >> 1;
  for (let i = 0; i <= rank; i++) {
    if (i === half && rank % 2 === 1) split = true;
    add(split ? 'I' : 'B', second);
    if (i === half && rank % 2 === 0) split = true;
    add(split ? 'I' : 'B', first);
  }
  for (let i = 0; i < after; i++) {
    weights();
    add(split ? 'I' : 'B', first);
  }
  for (let i = 0; i <= rank; i++) weights();
  return steps;
}

/** What is transferred for a computation, or by one. */
export const name_of = ({ pass, stage, chunk }: Computation): string => `${pass === 'F' ? 'F' : 'B'}${stage}.${chunk}`;

/**
 * Puts transfers between the computations of all processes: each is sent when it is computed, and the other process begins to receive it at the
 * same point of an order of all, so that no two wait for each other.
 */
export function with_transfers(
  orders: readonly (readonly Step[])[],
  rank_of: (stage: number) => number,
  stages: number,
): Action[][] {
  const actions = orders.map((): Action[] => []);
  const there = orders.map(() => new Set<string>());
  const next = orders.map(() => 0);
  const is_ready = (rank: number, { pass, stage, chunk }: Computation): boolean => {
    if (pass === 'W') return true;
    const before = pass === 'F' ? stage - 1 : stage + 1;
    return before < 0 || before === stages || there[rank]!.has(name_of({ pass, stage: before, chunk }));
  };
  const perform = (rank: number, step: Step): void => {
    for (const computation of step) actions[rank]!.push({ kind: 'compute', ...computation });
    for (const computation of step) {
      const { pass, stage, chunk } = computation;
      if (pass === 'W') continue;
      there[rank]!.add(name_of(computation));
      const after = pass === 'F' ? stage + 1 : stage - 1;
      if (after < 0 || after === stages || rank_of(after) === rank) continue;
      actions[rank]!.push({ kind: 'send', ...computation });
      actions[rank_of(after)]!.push({ kind: 'receive', pass, stage: after, chunk });
      there[rank_of(after)]!.add(name_of(computation));
    }
  };
  for (let moved = true; moved; ) {
    moved = false;
    orders.forEach((steps, rank) => {
      const step = steps[next[rank]!];
      if (step === undefined || !step.every((computation) => is_ready(rank, computation))) return;
      next[rank]!++;
      moved = true;
      perform(rank, step);
    });
  }
  if (orders.some((steps, rank) => next[rank]! < steps.length)) {
    throw new Error('The schedule is malformed: a pass waits for what is not computed');
  }
  return actions;
}
