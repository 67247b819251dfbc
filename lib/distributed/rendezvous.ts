/** Where processes meet: `env://`, `tcp://` and `file://`, as Python's `torch/distributed/rendezvous.py` reads them. */
import { FileStore, TCPStore, type Store } from './store.js';

/** A store that all processes reach, and the number of this one. */
export interface Meeting {
  readonly store: Store;
  readonly rank: number;
  readonly world_size: number;
}

function failure(scheme: string, what: string): Error {
  return new Error(`Error initializing torch.distributed using ${scheme}:// rendezvous: ${what}`);
}

function from_environment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw failure('env', `environment variable ${name} expected, but not set`);
  }
  return value;
}

function integer(scheme: string, name: string, text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw failure(scheme, `${name} must be an integer, but is '${text}'`);
  return Number(text);
}

/** The parts of a URL, without the rules that JavaScript's class has for some schemes. */
function parts_of(url: string): { scheme: string; host: string; path: string; query: Map<string, string> } {
  const [, scheme = '', host = '', path = '', query = ''] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(url) ?? [];
  const pairs = query.split('&').filter((pair) => pair !== '');
  return {
    scheme: scheme.toLowerCase(),
    host,
    path,
    query: new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
  };
}

function tcp_store(
  query: ReadonlyMap<string, string>,
  host: string,
  port: number,
  rank: number,
  size: number,
  timeout: number,
): Store {
  if (port < 0 || port >= 2 ** 16) throw new Error(`port must have value from 0 to 65535 but was ${port}.`);
  // An agent that started the processes runs the server itself.
  if (process.env['TORCHELASTIC_USE_AGENT_STORE'] === 'True') {
    return new TCPStore(host, port, { world_size: size, is_master: false, timeout });
  }
  const use_libuv =
    (query.get('use_libuv') ?? process.env['USE_LIBUV'] ?? (process.platform === 'win32' ? '0' : '1')) === '1';
  return new TCPStore(host, port, { world_size: size, is_master: rank === 0, timeout, multi_tenant: true, use_libuv });
}

/**
 * Meets the other processes.
 * @param rank -1 where the URL or the environment has it
 * @param world_size -1 likewise
 * @param timeout in seconds
 * @throws Error with Python's text for what is missing
 */
export function rendezvous(url: string, rank: number, world_size: number, timeout: number): Meeting {
  const { scheme, host, path, query } = parts_of(url);
  if (rank !== -1 || world_size !== -1) {
    if (query.has('rank') || query.has('world_size')) {
      throw new Error(`The url: ${url} has node-specific arguments(rank, world_size) already.`);
    }
    if (rank !== -1) query.set('rank', String(rank));
    if (world_size !== -1) query.set('world_size', String(world_size));
  }
  const number = (key: string, missing: string): number => {
    const text = query.get(key);
    if (text === undefined) throw failure(scheme, missing);
    return integer(scheme, key, text);
  };
  switch (scheme) {
    case 'file': {
      if (path === '') throw failure('file', 'path missing');
      const own = number('rank', 'rank parameter missing');
      const size = number('world_size', 'world size parameter missing');
      return { store: new FileStore(path, size), rank: own, world_size: size };
    }
    case 'tcp': {
      const [, name = '', port] = /^(?:.*@)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host) ?? [];
      if (port === undefined) throw failure('tcp', 'port number missing');
      const own = number('rank', 'rank parameter missing');
      const size = number('world_size', 'world size parameter missing');
      const store = tcp_store(query, name.replace(/^\[|\]$/g, ''), Number(port), own, size, timeout);
      return { store, rank: own, world_size: size };
    }
    case 'env': {
      const text = (key: string, variable: string): number =>
        integer('env', variable, query.get(key) ?? from_environment(variable));
      const own = text('rank', 'RANK');
      const size = text('world_size', 'WORLD_SIZE');
      const address = from_environment('MASTER_ADDR');
      const port = integer('env', 'MASTER_PORT', from_environment('MASTER_PORT'));
      return { store: tcp_store(query, address, port, own, size, timeout), rank: own, world_size: size };
    }
    default:
      throw new Error(`No rendezvous handler for ${scheme}://`);
  }
}
