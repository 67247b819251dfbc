/** The basics of Python's `logging`: loggers by name, levels, handlers, formats. */
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { basename } from 'node:path';

import { define_kind, method_signature, no_arguments, signature } from '../_internal/signature.js';
import { format } from './print.js';
import { strftime } from './time.js';

/** No level of its own. */
export const NOTSET = 0;
/** What helps to find faults. */
export const DEBUG = 10;
/** That things go as they should. */
export const INFO = 20;
/** Something unexpected. */
export const WARNING = 30;
/** Something failed. */
export const ERROR = 40;
/** The program may not go on. */
export const CRITICAL = 50;

const names = new Map<string, number>([
  ['NOTSET', NOTSET],
  ['DEBUG', DEBUG],
  ['INFO', INFO],
  ['WARNING', WARNING],
  ['WARN', WARNING],
  ['ERROR', ERROR],
  ['CRITICAL', CRITICAL],
  ['FATAL', CRITICAL],
]);

/** A level: a number, or the name of one. */
export type Level = number | 'NOTSET' | 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL' | (string & {});

const LEVEL_NAME = signature<{ level: Level }>('getLevelName', 'level: int|str');

/** The name of a level. Mirrors `logging.getLevelName`. */
export function getLevelName(level: number): string;
export function getLevelName(...args: unknown[]): string {
  return level_name(level_of(LEVEL_NAME.read(args).level));
}

const level_name = (level: number): string => [...names].find(([, value]) => value === level)?.[0] ?? `Level ${level}`;

function level_of(level: Level): number {
  if (typeof level === 'number') return level;
  const value = names.get(level);
  if (value === undefined) throw new Error(`Unknown level: '${level}'`);
  return value;
}

/** A message on its way to the handlers. */
export class LogRecord {
  /** When it was made. */
  readonly created = new Date();

  constructor(
    /** The name of its logger. */
    readonly name: string,
    readonly levelno: number,
    readonly msg: unknown,
    readonly args: readonly unknown[],
    /** The error that goes with it. */
    readonly exc_info: unknown = null,
  ) {}

  get levelname(): string {
    return level_name(this.levelno);
  }

  /** The message with its values. */
  getMessage(): string {
    const text = typeof this.msg === 'string' ? this.msg : format('%s', this.msg);
    return this.args.length === 0 ? text : format(text, ...this.args);
  }
}

const FORMATTER = signature<{ fmt?: string | null; datefmt?: string | null }>(
  'Formatter',
  'fmt?: str|None, datefmt?: str|None',
);

const started = Date.now();

/**
 * Writes records as text. Mirrors `logging.Formatter`.
 *
 * @param fmt - default `'%(message)s'`; beside `message` there are `name`, `levelname`, `levelno`, `asctime`, `created`, `msecs`,
 * `relativeCreated`, `process`, `processName`, `threadName`, `filename` and `pathname` (of the program)
 * @param datefmt - how `asctime` is written, by `time.strftime`; default as in `2024-01-31 12:00:00,123`
 */
export class Formatter {
  private readonly fmt: string;
  private readonly datefmt: string | null;

  constructor(fmt?: string | null, datefmt?: string | null | { datefmt?: string | null });
  constructor(...args: unknown[]) {
    const { fmt = null, datefmt = null } = FORMATTER.read(args);
    this.fmt = fmt ?? '%(message)s';
    this.datefmt = datefmt;
  }

  /** The time of a record as text. */
  formatTime(record: LogRecord): string;
  formatTime(...args: unknown[]): string {
    const { record } = FORMAT_TIME.read(args);
    if (this.datefmt !== null) return strftime(this.datefmt, record.created);
    const milliseconds = String(record.created.getMilliseconds()).padStart(3, '0');
    return `${strftime('%Y-%m-%d %H:%M:%S', record.created)},${milliseconds}`;
  }

  /** A record as text; the stack of its error on the lines below. */
  format(record: LogRecord): string;
  format(...args: unknown[]): string {
    const { record } = FORMAT.read(args);
    const program = process.argv[1] ?? '';
    const text = format(this.fmt, {
      message: record.getMessage(),
      name: record.name,
      levelname: record.levelname,
      levelno: record.levelno,
      asctime: this.formatTime(record),
      created: record.created.getTime() / 1000,
      msecs: record.created.getMilliseconds(),
      relativeCreated: record.created.getTime() - started,
      process: process.pid,
      processName: 'MainProcess',
      threadName: 'MainThread',
      pathname: program,
      filename: basename(program),
    });
    const error = record.exc_info;
    if (error === null || error === undefined || error === false) return text;
    return `${text}\n${error instanceof Error ? (error.stack ?? String(error)) : format('%s', error)}`;
  }
}

define_kind('LogRecord', 'LogRecord', (value) => value instanceof LogRecord);
define_kind('Formatter', 'Formatter', (value) => value instanceof Formatter);
define_kind('Handler', 'Handler', (value) => value instanceof Handler);
const FORMAT = method_signature<{ record: LogRecord }>('format', 'record: LogRecord');
const FORMAT_TIME = method_signature<{ record: LogRecord }>('formatTime', 'record: LogRecord');
const SET_FORMATTER = method_signature<{ formatter: Formatter | null }>('setFormatter', 'formatter: Formatter|None');
const SET_LEVEL = method_signature<{ level: Level }>('setLevel', 'level: int|str');
const HANDLER = signature<{ level?: Level }>('Handler', 'level?: int|str');
const plain = new Formatter();

/** What brings records somewhere. Mirrors `logging.Handler`. */
export abstract class Handler {
  level: number;
  formatter: Formatter | null = null;

  /** @param level - records below are left out; default `NOTSET` */
  constructor(level?: Level | { level?: Level });
  constructor(...args: unknown[]) {
    this.level = level_of(HANDLER.read(args).level ?? NOTSET);
  }

  /** Writes a record. */
  abstract emit(record: LogRecord): void;

  /** Records below are left out. */
  setLevel(level: Level): void;
  setLevel(...args: unknown[]): void {
    this.level = level_of(SET_LEVEL.read(args).level);
  }

  setFormatter(formatter: Formatter | null): void;
  setFormatter(...args: unknown[]): void {
    this.formatter = SET_FORMATTER.read(args).formatter;
  }

  format(record: LogRecord): string;
  format(...args: unknown[]): string {
    return (this.formatter ?? plain).format(FORMAT.read(args).record);
  }

  /** Ends the handler; overridden by handlers that hold a resource. */
  close(...none: []): void {
    no_arguments('close', none);
  }
}

const STREAM_HANDLER = signature<{ stream?: { write(text: string): unknown } | null }>('StreamHandler', 'stream?: any');

/** Writes records to a stream; default: the error output. Mirrors `logging.StreamHandler`. */
export class StreamHandler extends Handler {
  private readonly stream: { write(text: string): unknown } | null;

  constructor(stream?: { write(text: string): unknown } | null);
  constructor(...args: unknown[]) {
    super();
    this.stream = STREAM_HANDLER.read(args).stream ?? null;
  }

  override emit(record: LogRecord): void {
    (this.stream ?? process.stderr).write(`${this.format(record)}\n`);
  }
}

const FILE_HANDLER = signature<{ filename: string; mode?: string }>('FileHandler', 'filename: str, mode?: str');

/** Writes records to a file. Mirrors `logging.FileHandler`. @param mode - `'a'` (default) appends, `'w'` starts over */
export class FileHandler extends Handler {
  private file: number | null;

  constructor(filename: string, mode?: 'a' | 'w' | { mode?: 'a' | 'w' });
  constructor(...args: unknown[]) {
    super();
    const { filename, mode = 'a' } = FILE_HANDLER.read(args);
    this.file = openSync(filename, mode);
  }

  override emit(record: LogRecord): void {
    if (this.file !== null) appendFileSync(this.file, `${this.format(record)}\n`);
  }

  override close(...none: []): void {
    super.close(...none);
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }
}

/** The options at the end of a call that logs. */
export interface LogOptions {
  /** An error, whose stack follows the message. */
  exc_info?: unknown;
}

function split(args: readonly unknown[]): [values: readonly unknown[], exc_info: unknown] {
  const last = args[args.length - 1];
  const options = typeof last === 'object' && last !== null && Object.keys(last).length === 1 && 'exc_info' in last;
  return options ? [args.slice(0, -1), last.exc_info] : [args, null];
}

// Python's handler of last resort: warnings and worse, where no handler was added.
const last_resort = new StreamHandler();
last_resort.setLevel(WARNING);

const ADD_HANDLER = method_signature<{ handler: Handler }>('addHandler', 'handler: Handler');
const REMOVE_HANDLER = method_signature<{ handler: Handler }>('removeHandler', 'handler: Handler');
const IS_ENABLED_FOR = method_signature<{ level: number }>('isEnabledFor', 'level: int');
const GET_CHILD = method_signature<{ suffix: string }>('getChild', 'suffix: str');

/** What programs log with; {@link getLogger} makes it. Mirrors `logging.Logger`. */
export class Logger {
  level = NOTSET;
  /** Whether the handlers of the loggers above get its records too. */
  propagate = true;
  disabled = false;
  readonly handlers: Handler[] = [];

  /** @internal */
  constructor(
    readonly name: string,
    readonly parent: Logger | null,
  ) {}

  /** Messages below are left out; with `NOTSET` the level of the logger above counts. */
  setLevel(level: Level): void;
  setLevel(...args: unknown[]): void {
    this.level = level_of(SET_LEVEL.read(args).level);
  }

  /** The level that counts. */
  getEffectiveLevel(...none: []): number {
    no_arguments('getEffectiveLevel', none);
    return this.level !== NOTSET || this.parent === null ? this.level : this.parent.getEffectiveLevel();
  }

  isEnabledFor(level: number): boolean;
  isEnabledFor(...args: unknown[]): boolean {
    const { level } = IS_ENABLED_FOR.read(args);
    return !this.disabled && level >= this.getEffectiveLevel();
  }

  addHandler(handler: Handler): void;
  addHandler(...args: unknown[]): void {
    const { handler } = ADD_HANDLER.read(args);
    if (!this.handlers.includes(handler)) this.handlers.push(handler);
  }

  removeHandler(handler: Handler): void;
  removeHandler(...args: unknown[]): void {
    const { handler } = REMOVE_HANDLER.read(args);
    const place = this.handlers.indexOf(handler);
    if (place >= 0) this.handlers.splice(place, 1);
  }

  hasHandlers(...none: []): boolean {
    no_arguments('hasHandlers', none);
    return this.handlers.length > 0 || (this.propagate && this.parent?.hasHandlers() === true);
  }

  /** The logger of a name below. */
  getChild(suffix: string): Logger;
  getChild(...args: unknown[]): Logger {
    const { suffix } = GET_CHILD.read(args);
    return getLogger(this.parent === null ? suffix : `${this.name}.${suffix}`);
  }

  /** Logs a message; `%` in it takes the values, as in `log(INFO, 'loss %.3f', loss)`. */
  log(level: number, msg: unknown, ...args: unknown[]): void {
    if (!Number.isInteger(level)) throw new TypeError('level must be an integer');
    if (!this.isEnabledFor(level)) return;
    const [values, exc_info] = split(args);
    const record = new LogRecord(this.name, level, msg, values, exc_info);
    let found = false;
    for (let logger: Logger | null = this; logger !== null; logger = logger.propagate ? logger.parent : null) {
      for (const handler of logger.handlers) {
        found = true;
        if (level >= handler.level) handler.emit(record);
      }
    }
    if (!found && level >= last_resort.level) last_resort.emit(record);
  }

  debug(msg: unknown, ...args: unknown[]): void {
    this.log(DEBUG, msg, ...args);
  }

  info(msg: unknown, ...args: unknown[]): void {
    this.log(INFO, msg, ...args);
  }

  warning(msg: unknown, ...args: unknown[]): void {
    this.log(WARNING, msg, ...args);
  }

  error(msg: unknown, ...args: unknown[]): void {
    this.log(ERROR, msg, ...args);
  }

  critical(msg: unknown, ...args: unknown[]): void {
    this.log(CRITICAL, msg, ...args);
  }

  /** {@link Logger.error} with an error, `{ exc_info: error }`, whose stack follows. */
  exception(msg: unknown, ...args: unknown[]): void {
    this.log(ERROR, msg, ...args);
  }
}

const root = new Logger('root', null);
root.setLevel(WARNING);
const loggers = new Map<string, Logger>();

const GET_LOGGER = signature<{ name?: string | null }>('getLogger', 'name?: str|None');

/**
 * The logger of a name, always the same; those whose names it begins with, up to a dot, are above it. Mirrors
 * `logging.getLogger`.
 *
 * @param name - default null, the root
 * @example
 * ```ts
 * import { logging } from 'torch-node/python';
 * const logger = logging.getLogger('train');
 * const handler = new logging.StreamHandler(process.stdout);
 * handler.setFormatter(new logging.Formatter('%(levelname)s %(name)s: %(message)s'));
 * logger.addHandler(handler);
 * logger.setLevel(logging.INFO);
 * logger.info('epoch %d, loss %.2f', 3, 0.125);
 * ```
 * ```python
 * import logging, sys
 * logger = logging.getLogger('train')
 * handler = logging.StreamHandler(sys.stdout)
 * handler.setFormatter(logging.Formatter('%(levelname)s %(name)s: %(message)s'))
 * logger.addHandler(handler)
 * logger.setLevel(logging.INFO)
 * logger.info('epoch %d, loss %.2f', 3, 0.125)
 * ```
 */
export function getLogger(name?: string | null): Logger;
export function getLogger(...args: unknown[]): Logger {
  const { name = null } = GET_LOGGER.read(args);
  if (name === null || name === '' || name === 'root') return root;
  let logger = loggers.get(name);
  if (logger === undefined) {
    // Those above are made too, so that one that is configured later counts.
    const dot = name.lastIndexOf('.');
    logger = new Logger(name, dot < 0 ? root : getLogger(name.slice(0, dot)));
    loggers.set(name, logger);
  }
  return logger;
}

/** The options of {@link basicConfig}. */
export interface BasicConfig {
  /** A file to write to; instead of it `stream` or `handlers`. */
  filename?: string | null;
  /** `'a'` (default) appends, `'w'` starts over. */
  filemode?: 'a' | 'w';
  /** Default `'%(levelname)s:%(name)s:%(message)s'`. */
  format?: string;
  datefmt?: string | null;
  level?: Level | null;
  stream?: { write(text: string): unknown } | null;
  handlers?: readonly Handler[] | null;
  /** Whether handlers that are there go. Default false: with some nothing is changed. */
  force?: boolean;
}

const BASIC_CONFIG = signature<BasicConfig>(
  'basicConfig',
  '*, filename?: str|None, filemode?: str, format?: str, datefmt?: str|None, level?: int|str|None, stream?: any, handlers?: any[]|None, force?: bool',
);

/**
 * Says where the root logger writes to, when nothing has yet. Mirrors `logging.basicConfig`.
 * @param options - see {@link BasicConfig}
 * @throws Error when both a stream and a file, or handlers and one of them, are given
 */
export function basicConfig(options?: BasicConfig): void;
export function basicConfig(...args: unknown[]): void {
  const given = BASIC_CONFIG.read(args);
  const { filename = null, stream = null, handlers = null, level = null, force = false } = given;
  if (force) {
    for (const handler of root.handlers.splice(0)) handler.close();
  }
  if (root.handlers.length > 0) return;
  if (handlers === null && stream !== null && filename !== null) {
    throw new Error("'stream' and 'filename' should not be specified together");
  }
  if (handlers !== null && (stream !== null || filename !== null)) {
    throw new Error("'stream' or 'filename' should not be specified together with 'handlers'");
  }
  const made = handlers ?? [
    filename === null ? new StreamHandler(stream) : new FileHandler(filename, given.filemode ?? 'a'),
  ];
  const formatter = new Formatter(given.format ?? '%(levelname)s:%(name)s:%(message)s', given.datefmt ?? null);
  for (const handler of made) {
    handler.formatter ??= formatter;
    root.addHandler(handler);
  }
  if (level !== null) root.setLevel(level);
}

/** Logs with the root logger, which writes to the error output when nothing else was said. */
function with_root(level: number) {
  return (msg: unknown, ...args: unknown[]): void => {
    if (root.handlers.length === 0) basicConfig();
    root.log(level, msg, ...args);
  };
}

/** Logs with the root logger. Mirrors `logging.debug`. */
export const debug = with_root(DEBUG);
/** Logs with the root logger. Mirrors `logging.info`. */
export const info = with_root(INFO);
/** Logs with the root logger. Mirrors `logging.warning`. */
export const warning = with_root(WARNING);
/** Logs with the root logger. Mirrors `logging.error`. */
export const error = with_root(ERROR);
/** Logs with the root logger. Mirrors `logging.critical`. */
export const critical = with_root(CRITICAL);
