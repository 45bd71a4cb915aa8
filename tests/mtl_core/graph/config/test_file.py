"""A stranger's file is read to the config and no further; whatever is wrong with it is said in one sentence."""

import io
import json
import os
import pickle
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.graph import ModelFileError
from mtl_core.graph.config.file import MAX_CONFIG_BYTES, config_of_file, config_of_json, config_of_zip
from mtl_core.inspect.examples import load_example

CONFIG = load_example("case1")


def zipped(text=CONFIG, name="config.json", compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("model.weights.h5", os.urandom(2_000_000))
        archive.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_keras_file_gives_its_config(compression):
    assert config_of_zip(zipped(compression=compression)) == json.loads(CONFIG)


def test_the_kind_of_file_is_known_by_its_first_bytes():
    assert config_of_file(zipped()) == config_of_file(CONFIG.encode()) == json.loads(CONFIG)


def test_a_file_on_disk_is_not_read_into_memory(tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(zipped())
    with path.open("rb") as file:
        read = []
        file_read = file.read

        class Watched(io.RawIOBase):
            def read(self, size=-1):
                read.append(piece := file_read(size))
                return piece

            def seek(self, *where):
                return file.seek(*where)

            def tell(self):
                return file.tell()

        assert config_of_zip(Watched()) == json.loads(CONFIG)
    assert sum(map(len, read)) < 200_000 < path.stat().st_size


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json_in_any_unicode_encoding_is_read(encoding):
    text = CONFIG.replace("merged_vector", "zusammengefügt")
    assert config_of_file(text.encode(encoding)) == json.loads(text)


def test_json_inside_a_json_string_is_read_and_a_pasted_byte_order_mark_skipped():
    assert config_of_json(json.dumps(CONFIG)) == json.loads(CONFIG)
    assert config_of_json("\ufeff" + CONFIG) == json.loads(CONFIG)


def huge_list_of_contents():
    """A zip that says its list of contents is 2 MB long."""
    contents = b"\0" * 2_000_000
    return b"PK\3\4" + contents + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 40_000, 40_000, len(contents), 4, 0)


def encrypted():
    data = bytearray(zipped())
    entry = data.rindex(b"PK\1\2")
    data[entry + 8] |= 1
    return bytes(data)


WRONG = {
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "no json": (b"def model(): pass", "no Keras model that can be read here"),
    "a keras file that lost its beginning": (zipped()[3:], "no Keras model|says nothing"),
    "cut json": (CONFIG[:1000].encode(), "ends too early, in line 1"),
    "cut within a name": (json.dumps(json.loads(CONFIG), indent=1)[:50].encode(), "ends too early, in line 3"),
    "cut within a word": (b'{"a": tru', "ends too early, in line 1"),
    "cut within a number": (b'{"a": 1,\n"b": -', "ends too early, in line 2"),
    "cut within an escape": (b'{"a": "x\\u12', "ends too early"),
    "cut before a line": (b'{"a": 1,\n', "ends too early, in line 1"),
    "more behind it": (b"{} x", "not valid JSON: in line 1, column 4"),
    "wrong json": (b'{"name": model}', "not valid JSON: in line 1, column 10"),
    "latin-1": ('{"name": "fü'.encode("latin-1"), "not text"),
    "binary": (bytes(range(256)), "no Keras model"),
    "deep": (b'{"a":' * 500_000, "nested too deeply"),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "long number": (b"[" + b"9" * 10_000 + b"]", "too long to read"),
    "large": (b" " * MAX_CONFIG_BYTES + b"{}", "larger than 4,000,000 bytes"),
    "no config": (zipped(name="other.json"), "without a config.json"),
    "cut zip": (zipped()[:-200], "can't be unzipped"),
    "only a signature": (b"PK\3\4", "can't be unzipped"),
    "bomb": (zipped("[" + " " * 50_000_000 + "]"), "larger than 4,000,000 bytes"),
    "contents": (huge_list_of_contents(), "can't be unzipped"),
    "encrypted": (encrypted(), "packed in a way"),
    "lzma": (zipped(compression=zipfile.ZIP_LZMA), "packed in a way"),
    "an old pickle": (pickle.dumps({"a": 1}, protocol=2), "This is a pickle file"),
    "safetensors": ((20).to_bytes(8, "little") + b'{"__metadata__":{}}', "This is a safetensors file"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(40), "This is a PNG file"),
    "a page": (b"%PDF-1.7", "This is a PDF file"),
    "weights alone, of TensorFlow.js": (b'[{"paths": ["1.bin"], "weights": []}]', "list of weights"),
    "damaged": (zipped().replace(b"config.json", b"config.jsox", 1), "can't be unzipped"),
}


@pytest.mark.parametrize(("data", "sentence"), WRONG.values(), ids=WRONG)
def test_a_file_that_is_no_good_is_refused_in_words(data, sentence):
    with pytest.raises(ModelFileError, match=sentence):
        config_of_file(data)


def refusal(read, data):
    """The sentence with which a file is refused; empty if it is read."""
    try:
        read(data)
    except ModelFileError as error:
        return str(error)
    return ""


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_never_raise_anything_else(data):
    for read in (config_of_file, config_of_zip, config_of_json):
        reason = refusal(read, data)
        assert reason == "" or reason.endswith((".", "?"))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_keras_file_with_flipped_bytes_is_read_or_refused(data):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", CONFIG)
    spoilt = bytearray(file.getvalue())
    for _flip in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    # Who reads it at all reads the whole of it: a zip has checksums.
    assert refusal(config_of_zip, bytes(spoilt)) or config_of_zip(bytes(spoilt)) == json.loads(CONFIG)
