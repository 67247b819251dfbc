/** What runs in a child of `Process`: gets the process object with its function and arguments, and runs it. */
import '../_internal/one_file.js';
import { closeSync, fstatSync } from 'node:fs';
import { deserialize } from 'node:v8';

import '../index.js';
import { native } from '../_C/native.js';
import { this_process } from './current.js';
import { read_at } from './descriptors.js';
import { unpack } from './parcel.js';
import { ALIVE, become, INHERITED, PAYLOAD, type Process, type ProcessSetup } from './process.js';
import { Receiver } from './process_memory.js';
import { load_references } from './references.js';

function received(): ProcessSetup {
  const bytes = read_at(PAYLOAD, fstatSync(PAYLOAD).size, 0);
  closeSync(PAYLOAD);
  return deserialize(bytes) as ProcessSetup;
}

/** Says on stderr what a process has died of, as Python does. */
function report(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  process.stderr.write(`Process ${this_process.name}:\n${text}\n`);
}

async function main(): Promise<void> {
  native.close_on_exec(ALIVE);
  const { message, identity, dies_with_parent } = received();
  Object.assign(this_process, identity);
  if (dies_with_parent && !native.die_with_parent(message.pid)) process.exit(1);
  try {
    this_process.starting = true;
    const receiver = new Receiver(message.blocks, message.pid, INHERITED);
    const definitions = await load_references(message.parcel.references);
    const own = unpack(message.parcel, definitions, receiver) as Process;
    this_process.starting = false;
    become(own);
    await own.run();
    process.exit();
  } catch (error) {
    report(error);
    process.exit(1);
  }
}

void main();
