/** Models of optical flow; mirrors `torchvision.models.optical_flow`. */
export {
  RAFT,
  raft_large,
  Raft_Large_Weights,
  raft_small,
  Raft_Small_Weights,
  type CorrelationPyramid,
  type RAFTOptions,
  type RAFTParts,
  type UpdateBlock,
} from './raft.js';
