"""How do the pieces become a SentencePiece file? A Unigram model with XLM-R's ids and the file's own normaliser.

SentencePiece fuses a run of unknown characters into one <unk>, as the model saw it in training.
"""

import io
import re
import tempfile
from pathlib import Path
from typing import Any, Final

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as _protos

from indexing.bundled.weights import Pieces

_ModelProto: Any = vars(_protos)["ModelProto"]  # made at import, so invisible to type checkers
#: Latin of all kinds, punctuation, symbols, CJK, kana, full width, emoji: what zh and en content is written in.
_KEPT: Final = re.compile(
    "[\0-\u024f\u0300-\u036f\u1e00-\u1eff\u2000-\u2bff\u2e80-\u33ff\u3400-\u9fff\uf900-\ufaff\ufe00-\ufe0f\ufe30-\ufe4f"
    "\uff00-\uffef\U0001f000-\U0001faff\U00020000-\U0002ffff]*"
)


def kept(pieces: Pieces) -> list[int]:
    """Ids of the zh-en subset, specials included, in their old order. Other scripts become <unk>."""
    special = {pieces.bos, pieces.eos, pieces.pad, pieces.unk}
    return [i for i, text in enumerate(pieces.texts) if i in special or _KEPT.fullmatch(text)]


def model(pieces: Pieces, keep: list[int]) -> bytes:
    """-> a serialised SentencePiece model whose id i is the piece keep[i]."""
    proto = _ModelProto()
    kinds = {pieces.unk: 2} | dict.fromkeys((pieces.bos, pieces.eos, pieces.pad), 3)  # UNKNOWN, CONTROL
    for old in keep:
        kind = 3 if pieces.texts[old] == "<mask>" else kinds.get(old, 1)
        proto.pieces.add(piece=pieces.texts[old], score=float(pieces.scores[old]), type=kind)
    trainer = proto.trainer_spec
    trainer.model_type, trainer.vocab_size = 1, len(keep)  # UNIGRAM
    trainer.bos_id, trainer.eos_id, trainer.pad_id, trainer.unk_id = (
        keep.index(i) for i in (pieces.bos, pieces.eos, pieces.pad, pieces.unk)
    )
    trainer.bos_piece, trainer.eos_piece, trainer.pad_piece, trainer.unk_piece = "<s>", "</s>", "<pad>", "<unk>"
    normalizer = proto.normalizer_spec
    normalizer.name, normalizer.precompiled_charsmap = "e5", _compile(pieces.rules)
    normalizer.add_dummy_prefix = normalizer.remove_extra_whitespaces = normalizer.escape_whitespaces = True
    return bytes(proto.SerializeToString(deterministic=True))


def _compile(rules: dict[int, tuple[int, ...]]) -> bytes:
    """Per-code-point rules -> SentencePiece's trie, compiled by its own trainer on a throw-away vocabulary.

    Its built-in nmt_nfkc table is newer than the model's, so it cannot be used instead.
    """
    lines = (f"{point:X}\t{' '.join(f'{o:X}' for o in out)}\n" for point, out in sorted(rules.items()))
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "rules.tsv"
        table.write_text("".join(lines), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["a b c d e f g h"] * 20),
            model_writer=out,
            model_type="char",
            vocab_size=13,
            hard_vocab_limit=False,
            normalization_rule_tsv=str(table),
            minloglevel=2,
        )
    trained = _ModelProto()
    trained.ParseFromString(out.getvalue())
    return bytes(trained.normalizer_spec.precompiled_charsmap)
