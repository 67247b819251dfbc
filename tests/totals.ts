/** Closes the run with one plain line, `N passed, N failed`; ends a run that hangs, and names the file that does. */
import { spawnSync } from 'node:child_process';
import type { Reporter, TestModule } from 'vitest/node';

/** Vitest ends tests that wait too long, but not those that block their process: no file takes this long. */
const longest_file_ms = 20 * 60_000;

/** The lines of `ps` of the processes that this one started, and of theirs. */
function descendants(): { pid: number; line: string }[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,etime=,args='], { encoding: 'utf8' });
  const found = new Set([process.pid]);
  const processes = (stdout ?? '').split('\n').map((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return { pid: pid!, parent: parent!, line };
  });
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  }
  return processes.filter(({ pid }) => found.has(pid) && pid !== process.pid);
}

export default class Totals implements Reporter {
  /** By the file, for which Vitest has one object before it is read and another one afterwards. */
  readonly #running = new Map<string, { readonly timer: NodeJS.Timeout; module: TestModule }>();
  readonly #ended: TestModule[] = [];
  /** Due where no file has begun or ended for long: a worker does not end. */
  #idle: NodeJS.Timeout | undefined;

  onTestModuleQueued(module: TestModule): void {
    this.#running.set(module.moduleId, { timer: this.#watch(module.moduleId), module });
    this.#goes_on();
  }

  onTestModuleStart(module: TestModule): void {
    const running = this.#running.get(module.moduleId);
    if (running !== undefined) running.module = module;
  }

  onTestModuleEnd(module: TestModule): void {
    clearTimeout(this.#running.get(module.moduleId)?.timer);
    this.#running.delete(module.moduleId);
    this.#ended.push(module);
    this.#goes_on();
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    clearTimeout(this.#idle);
    this.#print(modules, errors.length);
  }

  #goes_on(): void {
    clearTimeout(this.#idle);
    this.#idle = this.#watch('A worker without a file');
  }

  #watch(what: string): NodeJS.Timeout {
    return setTimeout(() => this.#hangs(what), longest_file_ms).unref();
  }

  #hangs(what: string): void {
    const tests = [...(this.#running.get(what)?.module.children.allTests() ?? [])];
    const unfinished = tests.filter((test) => test.result().state === 'pending');
    console.log(`${what} has run for ${longest_file_ms / 60_000} minutes: the run ends here. Unfinished:`);
    for (const test of unfinished) console.log(`  ${test.fullName}`);
    const processes = descendants();
    for (const { line } of processes) console.log(line.slice(0, 300));
    for (const { pid } of processes) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    this.#print(this.#ended, Math.max(1, this.#running.size));
    process.exit(1);
  }

  #print(modules: readonly TestModule[], errors: number): void {
    let passed = 0;
    let failed = errors;
    let skipped = 0;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') failed++;
        else skipped++;
      }
    }
    console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  }
}
