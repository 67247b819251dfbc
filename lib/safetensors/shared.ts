/** Tensors that lie in the same memory, which a safetensors file cannot tell. */
import { native } from '../_C/native.js';
import type { Tensor } from '../_tensor.js';

type Tensors = Readonly<Record<string, Tensor>>;

/** The names of tensors whose bytes overlap, group by group; each tensor is in one group, perhaps alone. */
export function shared_groups(tensors: Tensors): string[][] {
  const by_storage = new Map<string, string[]>();
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.is_meta) continue;
    const storage = tensor.untyped_storage();
    if (storage.nbytes() === 0) continue;
    const key = `${tensor.device.toString()} ${storage.data_ptr()} ${storage.nbytes()}`;
    by_storage.set(key, [...(by_storage.get(key) ?? []), name]);
  }
  return [...by_storage.values()].flatMap((names) => overlapping(tensors, names));
}

function overlapping(tensors: Tensors, names: readonly string[]): string[][] {
  const areas = names
    .map((name) => {
      const tensor = tensors[name]!;
      const start = native.data_ptr(tensor._h);
      return { name, start, end: start + BigInt(tensor.nbytes) };
    })
    .sort((a, b) => Number(a.start - b.start) || Number(a.end - b.end));
  const groups: string[][] = [];
  let end = -1n;
  for (const area of areas) {
    if (area.start >= end) groups.push([]);
    groups[groups.length - 1]?.push(area.name);
    if (area.end > end) end = area.end;
  }
  return groups;
}

function is_complete(tensor: Tensor): boolean {
  const storage = tensor.untyped_storage();
  return tensor.data_ptr() === storage.data_ptr() && tensor.nbytes === storage.nbytes();
}

/**
 * For groups of names whose tensors share memory, the one to keep and those that it stands for.
 * @param preferred names to keep where there is a choice
 * @throws Error when no tensor of a group covers its whole storage
 */
export function duplicate_names(tensors: Tensors, preferred: ReadonlySet<string> = new Set()): Map<string, string[]> {
  const duplicates = new Map<string, string[]>();
  for (const names of shared_groups(tensors)) {
    const complete = names.filter((name) => is_complete(tensors[name]!)).sort();
    if (complete.length === 0) {
      throw new Error(
        'Error while trying to find names to remove to save state dict, but found no suitable name to keep for ' +
          `saving amongst: {${names
            .sort()
            .map((name) => `'${name}'`)
            .join(', ')}}. None is covering the entire storage. ` +
          'Refusing to save/load the model since you could be storing much more memory than needed.',
      );
    }
    const kept = complete.find((name) => preferred.has(name)) ?? (complete[0] as string);
    const others = names.filter((name) => name !== kept).sort();
    if (others.length > 0) duplicates.set(kept, others);
  }
  return duplicates;
}
