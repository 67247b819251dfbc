import type { WrittenProgram } from './schema.js';
export class ExportedGraph {
  constructor(_: WrittenProgram['graph_module']) {}
  print_readable(): string { return ''; }
}
