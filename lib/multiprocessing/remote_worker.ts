/** What runs in the thread of a {@link RemoteModule}: makes the module, then answers one request after the other. */
import '../_internal/one_file.js';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';

import { hand_over, nn, no_grad, take_over } from '../index.js';
import { IncompatibleKeys } from '../nn/modules/module.js';
import type { RemoteAnswer, RemoteRequest, RemoteSetup } from './remote_module.js';
import { register_tsx } from '../_internal/tsx.js';

type Class = new (...args: unknown[]) => Module;

const { Module } = nn;
type Module = nn.Module;

const port = parentPort as MessagePort;

function post_answer(made: RemoteAnswer): void {
  try {
    port.postMessage(made);
  } catch {
    // An error that cannot be copied.
    port.postMessage({ error: new Error(String((made as { error: unknown }).error)) });
  }
}

type Exports = Record<string, unknown> & { default?: Record<string, unknown> };

async function imported(file: string): Promise<Exports> {
  // A file that could not be loaded once is not tried again: tsx must be there before.
  await register_tsx();
  return (await import(file)) as Exports;
}

async function make({ file, name, training, given }: RemoteSetup): Promise<Module> {
  const [args, state] = take_over<[unknown[], Record<string, never> | null]>(given);
  const exports = await imported(file);
  // The names of a CommonJS file may be on its default export only.
  const found = exports[name] ?? exports.default?.[name];
  if (typeof found !== 'function') throw new TypeError(`RemoteModule: ${file} exports no class '${name}'`);
  const module = new (found as Class)(...args);
  if (!(module instanceof Module)) throw new TypeError(`RemoteModule: '${name}' of ${file} is not an nn.Module`);
  if (state !== null) module.load_state_dict(state, { assign: true });
  return module.train(training);
}

/** What train() and load_state_dict() return. */
function stays_here(value: unknown): boolean {
  return value instanceof Module || value instanceof IncompatibleKeys;
}

async function call_method(module: Module, { method, args }: RemoteRequest): Promise<unknown> {
  const given = take_over<unknown[]>(args);
  if (method === '') return no_grad(() => (module as unknown as (...args: unknown[]) => unknown)(...given));
  const member = (module as unknown as Record<string, unknown>)[method];
  if (typeof member !== 'function') throw new TypeError(`RemoteModule: the module has no method '${method}'`);
  return (member as (...args: unknown[]) => unknown).apply(module, given);
}

async function main(): Promise<void> {
  let module: Module;
  try {
    module = await make(workerData as RemoteSetup);
  } catch (error) {
    post_answer({ error });
    return;
  }
  post_answer({ value: hand_over(undefined) });
  port.on('message', (request: RemoteRequest) => {
    call_method(module, request)
      .then((value) => {
        post_answer({ value: hand_over(stays_here(value) ? undefined : value) });
      })
      .catch((error: unknown) => {
        post_answer({ error });
      });
  });
}

void main();
