"""Write ``intents_vectors.npz``: the encoder's vectors of the shipped training sentences.

    python sample_data/make_vectors.py

Run it after a change of ``intents.csv``. A sentence without its vector is encoded when it is
needed, which takes about a millisecond; nothing else depends on the file.
"""

from omni_core.service import encoder, sentences
from omni_core.service.normal_form import mask, normalise

if __name__ == "__main__":
    texts = dict.fromkeys(mask(normalise(t)) for t in sentences.shipped()["text"])
    encoder.write_vectors(list(texts))
