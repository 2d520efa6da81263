"""Archives: what goes in comes out, whole or not at all."""

from __future__ import annotations

import hashlib

import h5py
import numpy as np
import pytest

from higgs_capture import Archive, ArchiveError, ArchiveWriter, Tensor, tensor
from higgs_capture.tensors import STORAGE

VALUES = np.array([[0, 1, 2], [3, 100, 1]])


def numbers(dtype: str) -> Tensor:
    data = VALUES % 2 if dtype == "bool" else VALUES
    return Tensor(dtype, data.astype(STORAGE[dtype]))


@pytest.mark.parametrize("dtype", list(STORAGE))
def test_every_dtype_comes_back_bit_for_bit(tmp_path, dtype):
    path = tmp_path / "a.h5"
    with ArchiveWriter(path) as writer:
        writer.tensor("/samples/000000/x", numbers(dtype), axes=["codebook", "frame"])
    with Archive(path) as archive:
        found = archive.tensor("/samples/000000/x")
        assert found.equals(numbers(dtype))
        assert archive.attribute("/samples/000000/x", "axes") == '["codebook", "frame"]'
        assert archive.verify() == 1


@pytest.mark.parametrize("shape", [(), (0,), (0, 0), (8, 0), (1,), (3, 700, 11)])
def test_shapes_are_kept_also_empty_ones(tmp_path, shape):
    value = np.arange(int(np.prod(shape)), dtype="float32").reshape(shape)
    with ArchiveWriter(tmp_path / "a.h5") as writer:
        writer.tensor("/x", value)
    with Archive(tmp_path / "a.h5") as archive:
        assert archive.tensor("/x").shape == shape
        np.testing.assert_array_equal(archive.tensor("/x").values, value)


def test_none_is_not_an_empty_tensor(tmp_path):
    with ArchiveWriter(tmp_path / "a.h5") as writer:
        writer.tensor("/x", None)
    with h5py.File(tmp_path / "a.h5") as file:
        assert file["x"].shape is None
        assert file["x"].attrs["dtype"] == "none"
        assert file["x"].attrs["sha256"] == hashlib.sha256(b"").hexdigest()
    with Archive(tmp_path / "a.h5") as archive:
        assert archive.tensor("/x").data is None


def test_infinities_and_nan_survive(tmp_path):
    value = np.array([-np.inf, np.inf, np.nan, -0.0], dtype="float32")
    with ArchiveWriter(tmp_path / "a.h5") as writer:
        writer.tensor("/x", value)
    with Archive(tmp_path / "a.h5") as archive:
        assert archive.tensor("/x").equals(tensor(value))


def test_the_hash_is_over_logical_elements_in_c_order():
    value = np.asfortranarray(np.arange(6, dtype=">i8").reshape(2, 3))
    assert tensor(value).sha256 == hashlib.sha256(np.arange(6, dtype="<i8").tobytes()).hexdigest()


def test_bfloat16_is_stored_as_its_bits():
    torch = pytest.importorskip("torch")
    item = tensor(torch.tensor([1.0, -2.5], dtype=torch.bfloat16))
    assert item.dtype == "bfloat16"
    assert item.data.dtype == np.dtype("<u2")
    np.testing.assert_array_equal(item.values, np.array([1.0, -2.5], dtype="float32"))


def test_a_tensor_is_a_copy():
    torch = pytest.importorskip("torch")
    source = torch.zeros(3)
    item = tensor(source)
    source[0] = 1
    assert item.values[0] == 0


def test_large_tensors_are_compressed_with_gzip_and_shuffle_only(tmp_path):
    with ArchiveWriter(tmp_path / "a.h5") as writer:
        writer.tensor("/small", np.zeros(512, dtype="float64"))
        writer.tensor("/large", np.zeros(513, dtype="float64"))
    with h5py.File(tmp_path / "a.h5") as file:
        assert file["small"].chunks is None
        assert (file["large"].compression, file["large"].shuffle) == ("gzip", True)


def test_equal_large_tensors_are_stored_once_also_over_a_copy(tmp_path):
    value = np.random.default_rng(0).normal(size=4000)
    with ArchiveWriter(tmp_path / "a.h5") as writer:
        writer.tensor("/one", value)
    with ArchiveWriter(tmp_path / "b.h5", base=tmp_path / "a.h5") as writer:
        writer.tensor("/two", value)
        writer.tensor("/other", value, axes=["sample"])
    with h5py.File(tmp_path / "b.h5") as file:
        assert file["one"] == file["two"]
        assert file["one"] != file["other"]
    with Archive(tmp_path / "b.h5") as archive:
        assert archive.verify() == 3


def test_a_failed_writer_leaves_the_old_archive_and_no_litter(tmp_path):
    path = tmp_path / "a.h5"
    with ArchiveWriter(path) as writer:
        writer.json("/profile.json", {"old": True})
    with pytest.raises(RuntimeError), ArchiveWriter(path) as writer:
        writer.json("/profile.json", {"old": False})
        raise RuntimeError("the writer died")
    assert [file.name for file in tmp_path.iterdir()] == ["a.h5"]
    with Archive(path) as archive:
        assert archive.json("/profile.json") == {"old": True}


def test_the_final_name_appears_only_when_the_archive_is_whole(tmp_path):
    writer = ArchiveWriter(tmp_path / "a.h5")
    writer.tensor("/x", np.arange(3))
    assert not (tmp_path / "a.h5").exists()
    writer.commit()
    assert [file.name for file in tmp_path.iterdir()] == ["a.h5"]


def test_a_newer_format_is_refused_by_name(tmp_path):
    path = tmp_path / "a.h5"
    ArchiveWriter(path).commit()
    with h5py.File(path, "r+") as file:
        file.attrs["format_version"] = 2
    with pytest.raises(ArchiveError, match="format_version 2 is newer"):
        Archive(path)


def test_another_format_is_refused(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.attrs["format"] = "something else"
    with pytest.raises(ArchiveError, match="something else"):
        Archive(tmp_path / "a.h5")


def test_a_file_that_is_not_hdf5_is_refused(tmp_path):
    (tmp_path / "a.h5").write_text("no")
    with pytest.raises(ArchiveError, match="not a readable HDF5 file"):
        Archive(tmp_path / "a.h5")


def test_a_changed_element_is_found(tmp_path):
    path = tmp_path / "a.h5"
    with ArchiveWriter(path) as writer:
        writer.tensor("/x", np.arange(3))
    with h5py.File(path, "r+") as file:
        file["x"][1] = 7
    with Archive(path) as archive, pytest.raises(ArchiveError, match="/x hashes to"):
        archive.tensor("/x")
    with Archive(path, verify=False) as archive:
        assert archive.tensor("/x").values.tolist() == [0, 7, 2]


def test_a_link_to_another_file_is_refused(tmp_path):
    path = tmp_path / "a.h5"
    ArchiveWriter(path).commit()
    with h5py.File(path, "r+") as file:
        file["x"] = h5py.ExternalLink("other.h5", "/y")
    with Archive(path) as archive, pytest.raises(ArchiveError, match="/x is a link"):
        archive.verify()


def test_the_same_content_has_the_same_id_and_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    for name in ("a.h5", "b.h5"):
        with ArchiveWriter(tmp_path / name) as writer:
            writer.tensor("/x", np.arange(5000))
            writer.json("/profile.json", {"b": 1, "a": [None, True]})
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()
    with Archive(tmp_path / "a.h5") as archive:
        assert archive.attributes["created_at"] == "1970-01-01T00:00:00Z"


def test_other_content_has_another_id(tmp_path):
    ids = []
    for value in (1, 2):
        with ArchiveWriter(tmp_path / "a.h5") as writer:
            writer.json("/profile.json", {"x": value})
        with Archive(tmp_path / "a.h5") as archive:
            ids.append(archive.attributes["id"])
    assert ids[0] != ids[1]


def test_numbered_children_come_in_numeric_order(tmp_path):
    with ArchiveWriter(tmp_path / "a.h5") as writer:
        for k in (10, 2, 0):
            writer.tensor(f"/segments/{k}/codes", np.zeros(1))
        writer.json("/segments/note.json", {})
    with Archive(tmp_path / "a.h5") as archive:
        assert archive.children("/segments") == ["0", "2", "10", "note.json"]
