/** What the constructor of ResNets takes, and what the functions take that make one. */
export const RESNET_TAKES =
  'num_classes?: int, zero_init_residual?: bool, groups?: int, width_per_group?: int, ' +
  'replace_stride_with_dilation?: bool[]|None, norm_layer?: Callable|None';
