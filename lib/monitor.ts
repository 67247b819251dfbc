/** `torch.monitor`: statistics that are logged as events, and handlers that receive them. */
import { type HookObject, run_hook } from './_internal/hooks.js';
import { kind_of } from './_internal/kind_of.js';
import { NamedValue } from './_internal/named_value.js';
import { is_plain_object } from './_internal/plain_object.js';
import { define_kind, method_signature, signature } from './_internal/signature.js';
import type { SummaryWriter } from './utils/tensorboard/writer.js';

/** The name of the events that a {@link Stat} logs. Mirrors `torch.monitor.STAT_EVENT`. */
export const STAT_EVENT = 'torch.monitor.Stat';

/**
 * What a {@link Stat} computes of the values of its window. Mirrors `torch.monitor.Aggregation`.
 *
 * `VALUE` is accepted and, as in Python's torch 2.13, leaves no entry in the results.
 *
 * @example
 * ```ts
 * print(torch.monitor.Aggregation.MEAN);
 * ```
 * ```python
 * print(torch.monitor.Aggregation.MEAN)
 * ```
 */
export class Aggregation extends NamedValue {
  static readonly VALUE = new Aggregation('Aggregation', 'VALUE', 1);
  static readonly MEAN = new Aggregation('Aggregation', 'MEAN', 2);
  static readonly COUNT = new Aggregation('Aggregation', 'COUNT', 3);
  static readonly SUM = new Aggregation('Aggregation', 'SUM', 4);
  static readonly MAX = new Aggregation('Aggregation', 'MAX', 5);
  static readonly MIN = new Aggregation('Aggregation', 'MIN', 6);
}

/** A value of an event. Mirrors `torch.monitor.data_value_t`. */
export type data_value_t = string | number | boolean;

/** What makes an {@link Event}. */
export interface EventOptions {
  name: string;
  timestamp: Date;
  data: Readonly<Record<string, data_value_t>>;
}

const EVENT = signature<EventOptions>('Event', 'name: str, timestamp: any, data: any');

/** Data of an event, where a boolean is a number as in Python: `{b: True}` is read as `{'b': 1.0}`. */
function read_data(data: unknown): Record<string, string | number> {
  if (!is_plain_object(data)) throw new TypeError(`Event(): argument 'data' must be a dict, not ${kind_of(data)}`);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (typeof value === 'string' || typeof value === 'number') return [key, value];
      if (typeof value === 'boolean') return [key, Number(value)];
      throw new TypeError(`Event(): data['${key}'] must be a text, a number or a boolean, not ${kind_of(value)}`);
    }),
  );
}

/**
 * Something that happened. Mirrors `torch.monitor.Event`.
 *
 * @param name - its name, `'torch.monitor.Stat'` of a {@link Stat}
 * @param timestamp - when
 * @param data - values by name: texts, numbers and booleans, which become 0 or 1
 * @throws TypeError for a timestamp that is no valid Date, and for other data
 * @example
 * ```ts
 * const event = new torch.monitor.Event('epoch', new Date(), { loss: 0.5, split: 'train' });
 * print(event.name, event.data.loss, event.data.split);
 * ```
 * ```python
 * from datetime import datetime
 * event = torch.monitor.Event('epoch', datetime.now(), {'loss': 0.5, 'split': 'train'})
 * print(event.name, event.data['loss'], event.data['split'])
 * ```
 */
export class Event {
  readonly name: string;
  readonly timestamp: Date;
  readonly data: Readonly<Record<string, string | number>>;

  constructor(name: string, timestamp: Date, data: Readonly<Record<string, data_value_t>>);
  constructor(options: EventOptions);
  constructor(...args: unknown[]) {
    const { name, timestamp, data } = EVENT.read(args);
    if (!(timestamp instanceof Date) || Number.isNaN(timestamp.getTime())) {
      throw new TypeError(`Event(): argument 'timestamp' must be a valid Date, not ${kind_of(timestamp)}`);
    }
    this.name = name;
    this.timestamp = timestamp;
    this.data = read_data(data);
  }
}

/** What receives events: a function, or an object with a method `__call__`. */
export type EventHandler = ((event: Event) => void) | HookObject<[event: Event], void>;

/**
 * A handler that is registered; {@link register_event_handler} makes these. Mirrors `torch.monitor.EventHandlerHandle`.
 *
 * @example
 * ```ts
 * const handle = torch.monitor.register_event_handler(() => {});
 * print(handle instanceof torch.monitor.EventHandlerHandle);
 * torch.monitor.unregister_event_handler(handle);
 * ```
 * ```python
 * handle = torch.monitor.register_event_handler(lambda event: None)
 * print(isinstance(handle, torch.monitor.EventHandlerHandle))
 * torch.monitor.unregister_event_handler(handle)
 * ```
 */
export class EventHandlerHandle {
  /** @internal */
  readonly handler: EventHandler;

  /** @internal */
  constructor(...args: unknown[]) {
    this.handler = HANDLE.read(args).handler;
  }
}

define_kind('monitor_event', 'Event', (value) => value instanceof Event);
define_kind('event_handler_handle', 'EventHandlerHandle', (value) => value instanceof EventHandlerHandle);
define_kind(
  'summary_writer',
  'a SummaryWriter',
  (value) => typeof (value as Partial<SummaryWriter> | null)?.add_scalar === 'function',
);

const HANDLE = signature<{ handler: EventHandler }>('EventHandlerHandle', 'handler: hook');
const REGISTER = signature<{ callback: EventHandler }>('register_event_handler', 'callback: hook');
const UNREGISTER = signature<{ handler: EventHandlerHandle }>(
  'unregister_event_handler',
  'handler: event_handler_handle',
);
const LOG = signature<{ event: Event }>('log_event', 'event: monitor_event');

const handlers = new Set<EventHandlerHandle>();

/**
 * Registers what receives the events of this thread. Mirrors `torch.monitor.register_event_handler`.
 *
 * @param callback - gets each event, while it is logged; an Error of its own reaches whoever logs
 * @returns the handle for {@link unregister_event_handler}
 * @throws TypeError for what cannot be called
 * @example
 * ```ts
 * const { Event, log_event, register_event_handler, unregister_event_handler } = torch.monitor;
 * const handle = register_event_handler((event) => print(event.name, event.data.epoch));
 * log_event(new Event('begin', new Date(), { epoch: 1 })); // begin 1
 * unregister_event_handler(handle);
 * ```
 * ```python
 * from datetime import datetime
 * from torch.monitor import Event, log_event, register_event_handler, unregister_event_handler
 * handle = register_event_handler(lambda event: print(event.name, event.data['epoch']))
 * log_event(Event('begin', datetime.now(), {'epoch': 1})) # begin 1
 * unregister_event_handler(handle)
 * ```
 */
export function register_event_handler(callback: EventHandler): EventHandlerHandle;
export function register_event_handler(...args: unknown[]): EventHandlerHandle {
  const { callback } = REGISTER.read(args);
  const handle = new EventHandlerHandle(callback);
  handlers.add(handle);
  return handle;
}

/**
 * Ends what {@link register_event_handler} began; does nothing the second time. Mirrors `torch.monitor.unregister_event_handler`.
 *
 * @param handler - the handle
 * @throws TypeError for what is no handle
 * @example
 * ```ts
 * const { Event, log_event, register_event_handler, unregister_event_handler } = torch.monitor;
 * const handle = register_event_handler((event) => print(event.name));
 * log_event(new Event('seen', new Date(), {}));
 * unregister_event_handler(handle);
 * log_event(new Event('not seen', new Date(), {}));
 * ```
 * ```python
 * from datetime import datetime
 * from torch.monitor import Event, log_event, register_event_handler, unregister_event_handler
 * handle = register_event_handler(lambda event: print(event.name))
 * log_event(Event('seen', datetime.now(), {}))
 * unregister_event_handler(handle)
 * log_event(Event('not seen', datetime.now(), {}))
 * ```
 */
export function unregister_event_handler(handler: EventHandlerHandle): void;
export function unregister_event_handler(...args: unknown[]): void {
  const { handler } = UNREGISTER.read(args);
  handlers.delete(handler);
}

/**
 * Gives an event to all handlers, in the order in which they were registered. Mirrors `torch.monitor.log_event`.
 *
 * @param event - the event
 * @throws TypeError for what is no event; whatever a handler throws
 * @example
 * ```ts
 * const { Event, log_event, register_event_handler, unregister_event_handler } = torch.monitor;
 * const handle = register_event_handler((event) => print(event.name, event.data.epoch));
 * log_event(new Event('end', new Date(), { epoch: 2 }));
 * unregister_event_handler(handle);
 * ```
 * ```python
 * from datetime import datetime
 * from torch.monitor import Event, log_event, register_event_handler, unregister_event_handler
 * handle = register_event_handler(lambda event: print(event.name, event.data['epoch']))
 * log_event(Event('end', datetime.now(), {'epoch': 2}))
 * unregister_event_handler(handle)
 * ```
 */
export function log_event(event: Event): void;
export function log_event(...args: unknown[]): void {
  const { event } = LOG.read(args);
  for (const { handler } of [...handlers]) {
    run_hook(handler, event);
  }
}

/** What makes a {@link Stat}. */
export interface StatOptions {
  name: string;
  aggregations: readonly Aggregation[];
  /** In seconds: Python's `timedelta`. */
  window_size: number;
  max_samples?: number;
}

const STAT = signature<StatOptions>('Stat', 'name: str, aggregations: Iterable, window_size: float, max_samples?: int');
const ADD = method_signature<{ v: number }>('Stat.add', 'v: float');
const GET = method_signature<object>('Stat.get', '');

/** The sum, the count and the extremes of some values. */
interface Totals {
  sum: number;
  count: number;
  max: number;
  min: number;
}

const nothing = (): Totals => ({ sum: 0, count: 0, max: 0, min: 0 });

/** How each aggregation follows from the totals, in the order in which results have them. */
const results_of: readonly (readonly [Aggregation, (totals: Totals) => number])[] = [
  [Aggregation.MEAN, ({ sum, count }) => (count === 0 ? 0 : sum / count)],
  [Aggregation.COUNT, ({ count }) => count],
  [Aggregation.SUM, ({ sum }) => sum],
  [Aggregation.MAX, ({ max }) => max],
  [Aggregation.MIN, ({ min }) => min],
];

/**
 * Aggregates values over windows of time, and logs an event named `torch.monitor.Stat` when a window ends, with an entry such as
 * `'loss.mean'` for each aggregation. Mirrors `torch.monitor.Stat`.
 *
 * Windows begin at multiples of their size. One ends when the first value after it is added, or by
 * {@link Stat.dispose}, which is Python's deletion. A window with `max_samples` values is logged at once, and leaves out further
 * values. One without values is not logged.
 *
 * @param name - the first part of the names in events
 * @param aggregations - what is computed
 * @param window_size - seconds, above 0
 * @param max_samples - values that a window takes, at least 1; default no limit
 * @throws TypeError for what is no aggregation; Error for a window or a number of samples that is not above 0
 * @example
 * ```ts
 * const { Aggregation, Stat } = torch.monitor;
 * const loss = new Stat('loss', [Aggregation.SUM, Aggregation.MEAN], 3600, 2);
 * loss.add(1);
 * loss.add(2);
 * print(loss.count, loss.get().get(Aggregation.MEAN)); // 0 1.5
 * ```
 * ```python
 * from datetime import timedelta
 * from torch.monitor import Aggregation, Stat
 * loss = Stat('loss', [Aggregation.SUM, Aggregation.MEAN], timedelta(hours=1), 2)
 * loss.add(1)
 * loss.add(2)
 * print(loss.count, loss.get()[Aggregation.MEAN]) # 0 1.5
 * ```
 */
export class Stat {
  readonly name: string;
  private readonly aggregations: ReadonlySet<Aggregation>;
  private readonly window_ms: number;
  private readonly max_samples: number;
  private window = 0;
  /** Whether the window has had all its samples. */
  private full = false;
  private current = nothing();
  private last = nothing();

  constructor(name: string, aggregations: readonly Aggregation[], window_size: number, max_samples?: number);
  constructor(options: StatOptions);
  constructor(...args: unknown[]) {
    const { name, aggregations, window_size, max_samples = Infinity } = STAT.read(args);
    const kinds = new Set<unknown>(aggregations);
    for (const kind of kinds) {
      if (!(kind instanceof Aggregation)) {
        throw new TypeError(`Stat(): argument 'aggregations' must have Aggregation values, but has ${kind_of(kind)}`);
      }
    }
    if (!(window_size > 0)) throw new Error(`Stat(): argument 'window_size' must be above 0, but is ${window_size}`);
    if (max_samples < 1) throw new Error(`Stat(): argument 'max_samples' must be at least 1, but is ${max_samples}`);
    this.name = name;
    this.aggregations = kinds as Set<Aggregation>;
    this.window_ms = window_size * 1000;
    this.max_samples = max_samples;
  }

  /** How many values the window has. */
  get count(): number {
    return this.current.count;
  }

  /** Adds a value to the window, after the end of the window before; a window with all its samples leaves it out. */
  add(v: number): void;
  add(...args: unknown[]): void {
    const { v } = ADD.read(args);
    const window = Math.floor(performance.now() / this.window_ms);
    if (window !== this.window) {
      this.log();
      this.full = false;
    }
    this.window = window;
    if (this.full) return;
    const { sum, count, max, min } = this.current;
    this.current = {
      sum: sum + v,
      count: count + 1,
      // A comparison with NaN is false, so that it is no extreme, except as the first value.
      max: count === 0 || v > max ? v : max,
      min: count === 0 || v < min ? v : min,
    };
    if (this.current.count < this.max_samples) return;
    this.log();
    this.full = true;
  }

  /** The aggregations of the last window that has ended; zeros before the first. */
  get(): Map<Aggregation, number>;
  get(...args: unknown[]): Map<Aggregation, number> {
    GET.read(args);
    return new Map(this.results(this.last));
  }

  private results(totals: Totals): (readonly [Aggregation, number])[] {
    return results_of
      .filter(([kind]) => this.aggregations.has(kind))
      .map(([kind, result]) => [kind, result(totals)] as const);
  }

  private log(): void {
    this.last = this.current;
    this.current = nothing();
    if (this.last.count === 0) return;
    const data = this.results(this.last).map(([kind, value]) => [`${this.name}.${kind.name.toLowerCase()}`, value]);
    log_event(new Event(STAT_EVENT, new Date(), Object.fromEntries(data) as Record<string, number>));
  }

  /** Ends the window. */
  dispose(): void {
    if (this.current.count > 0) this.log();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

const HANDLER = signature<{ writer: SummaryWriter }>('TensorboardEventHandler', 'writer: summary_writer');
const CALL = method_signature<{ event: Event }>('TensorboardEventHandler.__call__', 'event: monitor_event');

/**
 * Writes what a {@link Stat} logs as scalars of TensorBoard. Mirrors `torch.monitor.TensorboardEventHandler`.
 *
 * @param writer - a `SummaryWriter`
 * @throws TypeError for what has no method `add_scalar`
 * @example
 * ```ts
 * import { SummaryWriter } from 'torch-node/tensorboard';
 * const { register_event_handler, unregister_event_handler, Aggregation, Stat, TensorboardEventHandler } = torch.monitor;
 * const writer = new SummaryWriter('runs_of_example/monitor');
 * const handle = register_event_handler(new TensorboardEventHandler(writer));
 * new Stat('loss', [Aggregation.MEAN], 3600, 1).add(0.5);
 * unregister_event_handler(handle);
 * writer.close();
 * print(writer.get_logdir());
 * ```
 * ```python
 * from datetime import timedelta
 * from torch.utils.tensorboard import SummaryWriter
 * from torch.monitor import register_event_handler, unregister_event_handler, Aggregation, Stat, TensorboardEventHandler
 * writer = SummaryWriter('runs_of_example/monitor')
 * handle = register_event_handler(TensorboardEventHandler(writer))
 * Stat('loss', [Aggregation.MEAN], timedelta(hours=1), 1).add(0.5)
 * unregister_event_handler(handle)
 * writer.close()
 * print(writer.get_logdir())
 * ```
 */
export class TensorboardEventHandler {
  private readonly writer: SummaryWriter;

  constructor(writer: SummaryWriter);
  constructor(options: { writer: SummaryWriter });
  constructor(...args: unknown[]) {
    const { writer } = HANDLER.read(args);
    this.writer = writer;
  }

  /** Writes the event, if it is one of a {@link Stat}. */
  __call__(event: Event): void;
  __call__(...args: unknown[]): void {
    const { event } = CALL.read(args);
    if (event.name !== STAT_EVENT) return;
    const walltime = event.timestamp.getTime() / 1000;
    for (const [tag, value] of Object.entries(event.data)) this.writer.add_scalar(tag, Number(value), { walltime });
  }
}
