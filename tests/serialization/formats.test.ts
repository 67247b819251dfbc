/** Pickles of all protocols, both formats, and the arguments of torch.save and torch.load. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';
import { described } from './described.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-formats-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const path = (name: string): string => join(folder, `${name}.pt`);

type Any = (...args: unknown[]) => unknown;
const load = torch.load as Any;
const save = torch.save as Any;

const made = python<Record<string, object>>('serialization_protocols.py', ['make', folder]);
const names = Object.keys(made);
const protocols = names.filter((name) => name.startsWith('protocol'));
const followed = names.filter((name) => name.startsWith('followed'));

describe('pickles of any protocol', () => {
  it('are all there', () => {
    expect(protocols).toHaveLength(12);
  });

  it.each(protocols)('are loaded as they were saved: %s', (name) => {
    expect(described(torch.load(path(name)))).toEqual(made[name]);
  });

  it('are written, and read by Python', () => {
    const { huge, ...value } = torch.load<{ huge: bigint }>(path('protocol2'));
    expect(huge).toBe(2n ** 2100n);
    const written: string[] = [];
    for (const pickle_protocol of [0, 1, 2, 3, 4, 5, -1]) {
      for (const zipped of [true, false]) {
        // Python's own files of protocol 0 cannot hold tensors; neither format needs the class of a storage for a plain value.
        const its = zipped ? value : { ...value, uint16: null };
        const name = `written ${pickle_protocol} ${zipped}.plain`;
        torch.save(its, path(name), { pickle_protocol, _use_new_zipfile_serialization: zipped });
        expect(described(torch.load(path(name)))).toEqual(described(its));
        written.push(name);
      }
    }
    const read = python<Record<string, object>>('serialization_protocols.py', ['read', folder, written]);
    for (const name of written) expect(read[name]).toEqual(described(torch.load(path(name))));
  });

  it('are walked for names that would be refused', () => {
    expect(torch.serialization.get_unsafe_globals_in_checkpoint(path('protocol4'))).toEqual([]);
    torch.save(new torch.nn.ReLU(), path('relu'));
    const pickle = Buffer.from('\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94h\x00\x8c\x05other\x93.', 'latin1');
    writeFileSync(path('hostile'), Buffer.concat([legacy_head(), pickle, Buffer.from('\x80\x02].', 'latin1')]));
    expect(torch.serialization.get_unsafe_globals_in_checkpoint(path('hostile'))).toEqual([
      'posix.system',
      'posix.other',
    ]);
    expect(torch.serialization.get_unsafe_globals_in_checkpoint({ f: path('relu') })).toEqual([
      'torch.nn.modules.activation.ReLU',
    ]);
  });
});

describe('bytes after the end of a file', () => {
  it.each(followed)('%s are passed over', (name) => {
    const whole = described(torch.load(path('whole')));
    expect(described(torch.load(path(name)))).toEqual(whole);
    expect(described(torch.load(path(name), { mmap: true }))).toEqual(whole);
    // Python gives up where the bytes look like the end of another archive.
    if (!name.endsWith('fake')) expect(made[name]).toEqual(whole);
  });

  it('are refused when they are as many as no comment can be', () => {
    writeFileSync(path('too many'), Buffer.concat([readFileSync(path('whole')), Buffer.alloc(66_000)]));
    expect(() => torch.load(path('too many'))).toThrow(/failed finding central directory/);
  });
});

/** The pickles before the object of a file in the old format. */
function legacy_head(): Buffer {
  const pieces: Uint8Array[] = [];
  torch.save(
    1,
    {
      write: (bytes) => {
        pieces.push(bytes);
      },
    },
    { _use_new_zipfile_serialization: false },
  );
  const file = Buffer.concat(pieces);
  return file.subarray(0, file.indexOf(Buffer.from('\x80\x02K\x01.', 'latin1')));
}

describe('texts of Python 2', () => {
  const file = Buffer.concat([legacy_head(), Buffer.from("\x80\x02]U\x02\xe9aaS'\\xe9\\n'\na.\x80\x02].", 'latin1')]);

  it('are read as the encoding says', () => {
    const read = (encoding: 'latin1' | 'bytes'): unknown => torch.load(file, { encoding, weights_only: false });
    expect(read('latin1')).toEqual(['\u00e9a', '\u00e9\n']);
    expect(read('bytes')).toEqual([Uint8Array.of(0xe9, 0x61), Uint8Array.of(0xe9, 0x0a)]);
    expect(() => torch.load(file)).toThrow(/not UTF-8/);
    expect(() => torch.load(file, { encoding: 'ascii' })).toThrow(/'ascii' codec can't decode/);
    expect(() => load(file, { encoding: 'klingon' })).toThrow('load(): unknown encoding: klingon');
  });
});

describe('arguments', () => {
  it('go by position and by name', () => {
    const target = path('arguments');
    const value = { a: torch.ones(2) };
    for (const args of [
      [value, target],
      [{ obj: value, f: target }],
      [value, { f: target }],
      [value, target, null, 2, true],
      [value, target, null, 2, { _use_new_zipfile_serialization: false }],
      [value, target, { pickle_module: null }],
      [value, target, { _disable_byteorder_record: true }],
    ]) {
      rmSync(target, { force: true });
      save(...args);
      for (const call of [
        [target],
        [{ f: target }],
        [target, 'cpu'],
        [target, { map_location: 'cpu' }],
        [target, null, null],
        [target, torch.device('cpu'), { weights_only: true }],
        [target, { cpu: 'cpu' }],
        [target, new Map([['cpu', 'cpu']])],
        [target, (storage: unknown) => storage],
        [{ f: target, map_location: null, mmap: false, weights_only: false }],
        [readFileSync(target)],
        [new Uint8Array(readFileSync(target)).buffer],
        [target, { encoding: 'utf-8', errors: 'strict' }],
      ])
        expect((load(...call) as typeof value).a.tolist()).toEqual([1, 1]);
    }
  });

  it.each<[string, () => unknown, RegExp]>([
    ['an unknown one of load', () => load('x', { zzz: 1 }), /load\(\) got an unexpected keyword argument 'zzz'/],
    [
      'another unknown one',
      () => load('x', { map_location: 'cpu', zzz: 1 }),
      /load\(\) got an unexpected keyword argument 'zzz'/,
    ],
    [
      'a place that is not one',
      () => load('x', { cpu: 3 }),
      /argument 'map_location' must map devices to devices, but 'cpu' .* int/,
    ],
    ['a wrong map_location', () => load('x', 3.5), /load\(\): argument 'map_location' must be .*, not float/],
    [
      'a surplus one of load',
      () => load('x', 'cpu', null, false),
      /load\(\) takes from 1 to 3 positional arguments but 4 were given/,
    ],
    ['none', () => load(), /load\(\) missing 1 required positional argument: 'f'/],
    ['a pickle module', () => load('x', { pickle_module: {} }), /load\(\): argument 'pickle_module' must be None/],
    [
      'weights_only of a wrong kind',
      () => load('x', { weights_only: 1 }),
      /argument 'weights_only' must be bool, not int/,
    ],
    ['an unknown one of save', () => save(1, 'x', { zzz: 1 }), /save\(\) got an unexpected keyword argument 'zzz'/],
    [
      'a protocol of a wrong kind',
      () => save(1, 'x', null, 'a'),
      /save\(\): argument 'pickle_protocol' must be int, not str/,
    ],
    ['no target', () => save(1), /save\(\) missing 1 required positional argument: 'f'/],
    [
      'a surplus one of save',
      () => save(1, 'x', null, 2, true, false, 1),
      /takes from 2 to 6 positional arguments but 7 were given/,
    ],
    [
      'a global that is not a pair',
      () => torch.serialization.add_safe_globals([1 as never]),
      /add_safe_globals\(\): argument 'safe_globals' .* int/,
    ],
    [
      'an async body',
      () => torch.serialization.safe_globals([], async () => 1),
      /safe_globals\(\): the function must be synchronous/,
    ],
  ])('refuse %s', (_, call, message) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });

  it('refuse protocols that are not there yet, as Python does', () => {
    expect(() => save(1, path('x'), { pickle_protocol: 6 })).toThrow('pickle protocol must be <= 5');
  });
});
