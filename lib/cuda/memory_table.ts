/** What the allocator of a device has counted, as the table that `torch.cuda.memory_summary` prints. */

const WIDTH = 75;
const METRICS = [
  ['allocated_bytes', 'Allocated memory'],
  ['active_bytes', 'Active memory'],
  ['requested_bytes', 'Requested memory'],
  ['reserved_bytes', 'GPU reserved memory'],
  ['inactive_split_bytes', 'Non-releasable memory'],
  ['allocation', 'Allocations'],
  ['active', 'Active allocs'],
  ['segment', 'GPU reserved segments'],
  ['inactive_split', 'Non-releasable allocs'],
] as const;
const OVERSIZE = [
  ['oversize_allocations', 'Oversize allocations'],
  ['oversize_segments', 'Oversize GPU segments'],
] as const;
const POOLS = [
  ['large_pool', '      from large pool'],
  ['small_pool', '      from small pool'],
] as const;
const COLUMNS = ['current', 'peak', 'allocated', 'freed'] as const;

/** A value in the unit that fits another one, which stands for its group. */
function scaled(value: number, guide: number, units: readonly string[], factor: number, limit: number) {
  let [unit, shown, size] = [0, value, guide];
  while (unit + 1 < units.length && size >= limit) {
    shown = Math.floor(shown / factor);
    size /= factor;
    unit++;
  }
  return { shown: String(shown), unit: units[unit]! };
}

function bytes_text(value: number, guide: number): string {
  const units = ['B  ', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const { shown, unit } = scaled(value, guide, units, 1024, 768 * 1024);
  return `${shown.padStart(6)} ${unit}`;
}

function count_text(value: number, guide: number): string {
  const { shown, unit } = scaled(value, guide, [' ', 'K', 'M'], 1000, 750 * 1000);
  return `${shown.padStart(7)} ${unit} `;
}

/** The table of Python, line for line. */
export function memory_table(stats: Readonly<Record<string, number>>, device: number, abbreviated: boolean): string {
  const at = (name: string): number => stats[name] ?? 0;
  const row = (title: string, cells: readonly string[]): string => ` ${title.padEnd(21)} | ${cells.join(' | ')} `;
  const cells = (metric: string, guides: readonly number[]): string[] => {
    const text = metric.includes('bytes') ? bytes_text : count_text;
    return COLUMNS.map((column, i) => text(at(`${metric}.${column}`), guides[i]!));
  };
  const guides_of = (metric: string): number[] => COLUMNS.map((column) => at(`${metric}.${column}`));
  const [thick, thin] = ['='.repeat(WIDTH), '-'.repeat(WIDTH)];
  const lines = [
    thick,
    ` ${' '.repeat(16)} PyTorch CUDA memory summary, device ID ${String(device).padEnd(17)} `,
    thin,
    `  ${' '.repeat(9)} CUDA OOMs: ${String(at('num_ooms')).padEnd(12)} | ${' '.repeat(6)} cudaMalloc retries: ` +
      `${String(at('num_alloc_retries')).padEnd(8)}  `,
    thick,
    '        Metric         | Cur Usage  | Peak Usage | Tot Alloc  | Tot Freed  ',
  ];
  for (const [metric, title] of METRICS) {
    // Pools are written in the units of the whole.
    const guides = guides_of(`${metric}.all`);
    lines.push(thin, row(title, cells(`${metric}.all`, guides)));
    if (abbreviated) continue;
    for (const [pool, name] of POOLS) lines.push(row(name, cells(`${metric}.${pool}`, guides)));
  }
  for (const [metric, title] of OVERSIZE) lines.push(thin, row(title, cells(metric, guides_of(metric))));
  lines.push(thick);
  return `|${lines.join('|\n|')}|\n`;
}
