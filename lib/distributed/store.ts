/** Key-value stores that processes share: `torch.distributed.Store` and its classes. They are c10d's of libtorch. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

import { native, type NativeStore } from '../_C/native.js';
import { define_kind, method_signature, signature, type Arguments } from '../_internal/signature.js';
import { name_operator } from '../_internal/operator_errors.js';
import { check_available, milliseconds } from './availability.js';
import { DistStoreError } from './errors.js';

/** What a store keeps: a text, as UTF-8, or bytes. */
export type StoreValue = string | Uint8Array;

interface Keyed {
  key: string;
}

const METHODS = {
  add: method_signature<Keyed & { amount: number | bigint }>('Store.add', 'key: str, amount/value: int'),
  append: method_signature<Keyed & { value: StoreValue }>('Store.append', 'key: str, value: str|bytes'),
  check: method_signature<{ keys: readonly string[] }>('Store.check', 'keys: str[]'),
  clone: method_signature<object>('Store.clone'),
  compare_set: method_signature<Keyed & { expected_value: StoreValue; desired_value: StoreValue }>(
    'Store.compare_set',
    'key: str, expected_value: str|bytes, desired_value: str|bytes',
  ),
  delete_key: method_signature<Keyed>('Store.delete_key', 'key: str'),
  get: method_signature<Keyed>('Store.get', 'key: str'),
  has_extended_api: method_signature<object>('Store.has_extended_api'),
  list_keys: method_signature<object>('Store.list_keys'),
  multi_get: method_signature<{ keys: readonly string[] }>('Store.multi_get', 'keys: str[]'),
  multi_set: method_signature<{ keys: readonly string[]; values: readonly StoreValue[] }>(
    'Store.multi_set',
    'keys: str[], values: (str|bytes)[]',
  ),
  num_keys: method_signature<object>('Store.num_keys'),
  queue_len: method_signature<Keyed>('Store.queue_len', 'key: str'),
  queue_pop: method_signature<Keyed & { block?: boolean }>('Store.queue_pop', 'key: str, block?: bool'),
  queue_push: method_signature<Keyed & { value: StoreValue }>('Store.queue_push', 'key: str, value: str|bytes'),
  set: method_signature<Keyed & { value: StoreValue }>('Store.set', 'key: str, value: str|bytes'),
  set_timeout: method_signature<{ timeout: number }>('Store.set_timeout', 'timeout: float'),
  wait: method_signature<{ keys: readonly string[]; timeout?: number }>('Store.wait', 'keys: str[], timeout?: float'),
};

function bytes_of(value: StoreValue): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return new Uint8Array(value as ArrayBuffer);
}

/** Runs a call into the addon; its errors name the method. */
function in_store<R>(callee: string, run: () => R): R {
  try {
    return run();
  } catch (error) {
    throw name_operator(error, callee);
  }
}

/**
 * A key-value store that processes share. Mirrors `torch.distributed.Store`. Use {@link TCPStore}, {@link FileStore}, {@link HashStore} or
 * {@link PrefixStore}. Values are texts or bytes, and come back as bytes; times are seconds.
 *
 * `get` and `wait` block the thread until the keys are there, as in Python.
 * @example
 * ```ts
 * const store: torch.distributed.Store = new torch.distributed.HashStore();
 * print(store instanceof torch.distributed.Store, store.timeout);
 * ```
 * ```python
 * store = torch.distributed.HashStore()
 * print(isinstance(store, torch.distributed.Store), int(store.timeout.total_seconds()))
 * ```
 */
export abstract class Store {
  /** @internal */
  readonly _store: NativeStore;

  /** @internal */
  constructor(store: NativeStore) {
    this._store = store;
  }

  /** Sets a key, over what it had. */
  set(
    ...args: Arguments<[key: string, value: StoreValue], { key: string; value: StoreValue }, ['key', 'value']>
  ): void {
    const { key, value } = METHODS.set.read(args);
    in_store('Store.set', () => native.store_set(this._store, key, bytes_of(value)));
  }

  /**
   * The value of a key, for which it waits.
   * @throws DistStoreError when it does not come within the store's timeout
   */
  get(...args: Arguments<[key: string], { key: string }, ['key']>): Uint8Array {
    const { key } = METHODS.get.read(args);
    return in_store('Store.get', () => native.store_get(this._store, key));
  }

  /** Adds to the counter of a key, which begins with 0. @returns the new count */
  add(
    ...args: Arguments<
      [key: string, amount: number | bigint],
      { key: string; amount: number | bigint },
      ['key', 'amount']
    >
  ): number {
    const { key, amount } = METHODS.add.read(args);
    return in_store('Store.add', () => Number(native.store_add(this._store, key, amount)));
  }

  /** Appends to the value of a key. */
  append(
    ...args: Arguments<[key: string, value: StoreValue], { key: string; value: StoreValue }, ['key', 'value']>
  ): void {
    const { key, value } = METHODS.append.read(args);
    in_store('Store.append', () => native.store_append(this._store, key, bytes_of(value)));
  }

  /** Whether all keys are there. Does not wait. */
  check(...args: Arguments<[keys: readonly string[]], { keys: readonly string[] }, ['keys']>): boolean {
    const { keys } = METHODS.check.read(args);
    return in_store('Store.check', () => native.store_check(this._store, keys));
  }

  /** Another connection to the same store. */
  clone(...args: []): Store {
    METHODS.clone.read(args);
    return in_store('Store.clone', () => store_of(this, native.store_clone(this._store)));
  }

  /**
   * Sets a key to `desired_value` where it has `expected_value`, or where that is empty and the key is not there.
   * @returns the value that the key has then
   */
  compare_set(
    ...args: Arguments<
      [key: string, expected_value: StoreValue, desired_value: StoreValue],
      { key: string; expected_value: StoreValue; desired_value: StoreValue },
      ['key', 'expected_value', 'desired_value']
    >
  ): Uint8Array {
    const { key, expected_value, desired_value } = METHODS.compare_set.read(args);
    return in_store('Store.compare_set', () =>
      native.store_compare_set(this._store, key, bytes_of(expected_value), bytes_of(desired_value)),
    );
  }

  /** Deletes a key. @returns whether it was there */
  delete_key(...args: Arguments<[key: string], { key: string }, ['key']>): boolean {
    const { key } = METHODS.delete_key.read(args);
    return in_store('Store.delete_key', () => native.store_delete_key(this._store, key));
  }

  /** Whether `append`, `multi_get` and `multi_set` are each one message. */
  has_extended_api(...args: []): boolean {
    METHODS.has_extended_api.read(args);
    return native.store_has_extended_api(this._store);
  }

  /** All keys. @throws Error for stores that cannot list them */
  list_keys(...args: []): string[] {
    METHODS.list_keys.read(args);
    return in_store('Store.list_keys', () => native.store_list_keys(this._store));
  }

  /** The values of several keys, for which it waits. */
  multi_get(...args: Arguments<[keys: readonly string[]], { keys: readonly string[] }, ['keys']>): Uint8Array[] {
    const { keys } = METHODS.multi_get.read(args);
    return in_store('Store.multi_get', () => native.store_multi_get(this._store, keys));
  }

  /** Sets several keys. @throws Error unless there are as many values */
  multi_set(
    ...args: Arguments<
      [keys: readonly string[], values: readonly StoreValue[]],
      { keys: readonly string[]; values: readonly StoreValue[] },
      ['keys', 'values']
    >
  ): void {
    const { keys, values } = METHODS.multi_set.read(args);
    if (keys.length !== values.length) {
      throw new Error(`Store.multi_set(): there are ${keys.length} keys, but ${values.length} values`);
    }
    in_store('Store.multi_set', () => native.store_multi_set(this._store, keys, values.map(bytes_of)));
  }

  /** How many keys there are; a {@link TCPStore} and a {@link FileStore} keep some of their own. */
  num_keys(...args: []): number {
    METHODS.num_keys.read(args);
    return in_store('Store.num_keys', () => Number(native.store_num_keys(this._store)));
  }

  /** How many values wait in a queue. */
  queue_len(...args: Arguments<[key: string], { key: string }, ['key']>): number {
    const { key } = METHODS.queue_len.read(args);
    return in_store('Store.queue_len', () => Number(native.store_queue_len(this._store, key)));
  }

  /**
   * Takes the oldest value out of a queue.
   * @param block - wait for one, which is the default
   * @throws QueueEmptyError when the queue is empty and `block` is false; DistStoreError after the store's timeout
   */
  queue_pop(
    ...args: Arguments<[key: string, block?: boolean], { key: string; block?: boolean }, ['key', 'block']>
  ): Uint8Array {
    const { key, block = true } = METHODS.queue_pop.read(args);
    return in_store('Store.queue_pop', () => native.store_queue_pop(this._store, key, block));
  }

  /** Puts a value into a queue. @throws Error for stores without queues */
  queue_push(
    ...args: Arguments<[key: string, value: StoreValue], { key: string; value: StoreValue }, ['key', 'value']>
  ): void {
    const { key, value } = METHODS.queue_push.read(args);
    in_store('Store.queue_push', () => native.store_queue_push(this._store, key, bytes_of(value)));
  }

  /** How long `get` and `wait` wait, in seconds. */
  get timeout(): number {
    return native.store_timeout(this._store) / 1000;
  }

  /** Sets how long `get` and `wait` wait, in seconds. */
  set_timeout(...args: Arguments<[timeout: number], { timeout: number }, ['timeout']>): void {
    const { timeout } = METHODS.set_timeout.read(args);
    native.store_set_timeout(this._store, milliseconds('Store.set_timeout', Number(timeout)));
  }

  /**
   * Waits for keys.
   * @param timeout - in seconds; by default, the store's
   * @throws DistStoreError when one does not come in time
   */
  wait(
    ...args: Arguments<
      [keys: readonly string[], timeout?: number],
      { keys: readonly string[]; timeout?: number },
      ['keys', 'timeout']
    >
  ): void {
    const { keys, timeout } = METHODS.wait.read(args);
    in_store('Store.wait', () =>
      native.store_wait(this._store, keys, timeout === undefined ? null : milliseconds('Store.wait', Number(timeout))),
    );
  }
}
define_kind('Store', 'Store', (value) => value instanceof Store);

/** Another object of the same class, around another store. */
function store_of<S extends Store>(like: S, store: NativeStore): S {
  const made = Object.create(Object.getPrototypeOf(like) as object) as { _store: NativeStore };
  Object.assign(made, like);
  made._store = store;
  return made as S;
}

interface TCPStoreOptions {
  /** Processes that will use the store, the server's own included; null where that is not fixed. */
  world_size?: number | null;
  /** Whether the server runs in this process. Default false. */
  is_master?: boolean;
  /** How long `get` and `wait`, and the connection itself, wait, in seconds. Default 300. */
  timeout?: number;
  /** Whether the server waits for all processes. Default true. */
  wait_for_workers?: boolean;
  /** Whether all stores of this process on the same port use one server. Default false. */
  multi_tenant?: boolean;
  /** A socket that listens already, for the server. Default null. */
  master_listen_fd?: number | null;
  /** Whether the server runs on libuv. Default true. */
  use_libuv?: boolean;
}

interface TCPStoreArguments extends TCPStoreOptions {
  host_name: string;
  port: number;
}

const TCP_STORE = signature<TCPStoreArguments>(
  'TCPStore',
  'host_name: str, port: int, world_size?: int|None, is_master?: bool, timeout?: float, wait_for_workers?: bool, ' +
    'multi_tenant?: bool, master_listen_fd?: int|None, use_libuv?: bool',
);

/**
 * A store whose server runs in one process and which the others reach over the network. Mirrors `torch.distributed.TCPStore`;
 * clients and servers here and in Python understand each other.
 *
 * @param host_name - where the server runs
 * @param port - where it listens; 0 lets the system choose, see `port`
 * @param world_size - processes that will use the store; default null, not fixed
 * @param is_master - run the server in this process; default false
 * @param timeout - how long to wait, in seconds; default 300
 * @param wait_for_workers - let the server wait until `world_size` processes are there; default true
 * @param multi_tenant - let all stores of this process on the same port use one server; default false
 * @param master_listen_fd - a socket that listens already; default null
 * @param use_libuv - run the server on libuv; default true
 * @throws DistNetworkError when the server does not answer in time, or cannot listen
 * @example
 * ```ts
 * const server = new torch.distributed.TCPStore('127.0.0.1', 0, { is_master: true, wait_for_workers: false });
 * const client = new torch.distributed.TCPStore('127.0.0.1', server.port);
 * server.set('key', 'value');
 * print(client.get('key'), client.add('counter', 2));
 * ```
 * ```python
 * server = torch.distributed.TCPStore('127.0.0.1', 0, is_master=True, wait_for_workers=False)
 * client = torch.distributed.TCPStore('127.0.0.1', server.port)
 * server.set('key', 'value')
 * print(client.get('key'), client.add('counter', 2))
 * ```
 */
export class TCPStore extends Store {
  constructor(
    ...args: Arguments<
      [
        host_name: string,
        port: number,
        world_size?: number | null,
        is_master?: boolean,
        timeout?: number,
        wait_for_workers?: boolean,
        multi_tenant?: boolean,
        master_listen_fd?: number | null,
        use_libuv?: boolean,
      ],
      TCPStoreArguments,
      [
        'host_name',
        'port',
        'world_size',
        'is_master',
        'timeout',
        'wait_for_workers',
        'multi_tenant',
        'master_listen_fd',
        'use_libuv',
      ]
    >
  ) {
    const given = TCP_STORE.read(args);
    check_available('TCPStore');
    if (given.port < 0 || given.port > 65535) {
      throw new RangeError(`TCPStore(): argument 'port' must be from 0 to 65535, but is ${given.port}`);
    }
    // Python takes a negative number of processes for one that is not fixed.
    const workers = given.world_size ?? null;
    super(
      in_store('TCPStore', () =>
        native.store_tcp(
          given.host_name,
          given.port,
          workers !== null && workers < 0 ? null : workers,
          given.is_master ?? false,
          milliseconds('TCPStore', Number(given.timeout ?? 300)),
          given.wait_for_workers ?? true,
          given.multi_tenant ?? false,
          given.master_listen_fd ?? null,
          given.use_libuv ?? true,
        ),
      ),
    );
  }

  /** The host of the server, as it was given. */
  get host(): string {
    return native.store_tcp_place(this._store)[0];
  }

  /** Where the server listens. */
  get port(): number {
    return native.store_tcp_place(this._store)[1];
  }

  /** Whether the server, where it runs in this process, is libuv's. */
  get libuvBackend(): boolean {
    return native.store_tcp_place(this._store)[2];
  }
}

const FILE_STORE = signature<{ file_name: string; world_size?: number }>(
  'FileStore',
  'file_name: str, world_size?: int',
);

/**
 * A store in a file, for processes of one file system. Mirrors `torch.distributed.FileStore`. The file is deleted when as many stores as
 * `world_size` says have ended.
 *
 * @param file_name - the file, which must not be there from an earlier use
 * @param world_size - processes that will use the store; default -1, not fixed
 * @throws DistStoreError when the folder of the file is not there, for which Python waits five minutes
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * const store = new torch.distributed.FileStore(`${folder}/store`, 2);
 * store.set('key', 'value');
 * print(new torch.distributed.FileStore(`${folder}/store`, 2).get('key'));
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * with tempfile.TemporaryDirectory() as folder:
 *     store = torch.distributed.FileStore(f'{folder}/store', 2)
 *     store.set('key', 'value')
 *     print(torch.distributed.FileStore(f'{folder}/store', 2).get('key'))
 * ```
 */
export class FileStore extends Store {
  /** The file. */
  readonly path: string;

  constructor(
    ...args: Arguments<
      [file_name: string, world_size?: number],
      { file_name: string; world_size?: number },
      ['file_name', 'world_size']
    >
  ) {
    const { file_name, world_size = -1 } = FILE_STORE.read(args);
    check_available('FileStore');
    // libtorch would try for five minutes, without a word, to make a file in a folder that is not there.
    if (!existsSync(dirname(file_name))) {
      throw new DistStoreError(`FileStore(): there is no folder ${dirname(file_name)}`);
    }
    super(in_store('FileStore', () => native.store_file(file_name, world_size)));
    this.path = file_name;
  }
}

const HASH_STORE = signature<object>('HashStore', '');

/**
 * A store in the memory of this process. Mirrors `torch.distributed.HashStore`.
 * @example
 * ```ts
 * const store = new torch.distributed.HashStore();
 * store.set('key', 'value');
 * store.append('key', 's');
 * print(store.get('key'), store.add('counter', 3), store.num_keys());
 * print(store.compare_set('key', 'values', 'other'), store.check(['key', 'absent']));
 * ```
 * ```python
 * store = torch.distributed.HashStore()
 * store.set('key', 'value')
 * store.append('key', 's')
 * print(store.get('key'), store.add('counter', 3), store.num_keys())
 * print(store.compare_set('key', 'values', 'other'), store.check(['key', 'absent']))
 * ```
 */
export class HashStore extends Store {
  constructor();
  constructor(...args: unknown[]) {
    HASH_STORE.read(args);
    check_available('HashStore');
    super(native.store_hash());
  }
}

const PREFIX_STORE = signature<{ prefix: string; store: Store }>('PrefixStore', 'prefix: str, store: Store');

/**
 * A store within another one: its keys begin with a prefix there. Mirrors `torch.distributed.PrefixStore`.
 *
 * @param prefix - written before each key, with a `/` between
 * @param store - the other store
 * @example
 * ```ts
 * const store = new torch.distributed.HashStore();
 * new torch.distributed.PrefixStore('run', store).set('key', 'value');
 * print(store.list_keys());
 * ```
 * ```python
 * store = torch.distributed.HashStore()
 * torch.distributed.PrefixStore('run', store).set('key', 'value')
 * print(store.list_keys())
 * ```
 */
export class PrefixStore extends Store {
  /** The other store. */
  readonly underlying_store: Store;

  constructor(
    ...args: Arguments<[prefix: string, store: Store], { prefix: string; store: Store }, ['prefix', 'store']>
  ) {
    const { prefix, store } = PREFIX_STORE.read(args);
    super(native.store_prefix(prefix, store._store));
    this.underlying_store = store;
  }
}
