/** The operators of torchvision that libtorch does not have: those of the addon, or of torchvision's own library when it is open. */
import { native } from '../_C/native.js';
import { forget_operators, ops, type OverloadPacket } from '../_ops.js';

native.vision_register();
forget_operators();

/** The operator `torchvision::name`. */
export function operator(name: string): OverloadPacket {
  return ops['torchvision']![name]!;
}
