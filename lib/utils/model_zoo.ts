/** Weights by URL, under the name of older programs: `torch.utils.model_zoo`. */
export { load_state_dict_from_url as load_url } from '../hub.js';
