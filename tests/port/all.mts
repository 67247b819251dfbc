/** Runs ported programs one after the other in this process, with the seeds that Python's side has, and prints what each has printed. */
import { pathToFileURL } from 'node:url';

import * as torch from 'torch-node';
import { random } from 'torch-node/python';

const printed: { stdout: string; error: string }[] = [];
const write = process.stdout.write.bind(process.stdout);
for (const file of JSON.parse(process.argv[2]!) as string[]) {
  let [stdout, error] = ['', ''];
  process.stdout.write = ((text: string) => {
    stdout += text;
    return true;
  }) as typeof process.stdout.write;
  random.seed(0);
  torch.manual_seed(0);
  torch.set_num_threads(1);
  process.argv[1] = file; // what a program under `is_main` asks
  try {
    await import(pathToFileURL(file).href);
  } catch (thrown) {
    error = String((thrown as Error).stack);
  }
  process.stdout.write = write;
  printed.push({ stdout, error });
}
write(JSON.stringify(printed));
