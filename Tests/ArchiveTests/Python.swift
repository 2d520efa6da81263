import Foundation
import TestSupport

extension Python {
    /// Runs a script with arguments, `h5py`, `hashlib`, `json`, `sys` and `numpy as np` imported, and `put` at
    /// hand, which writes a tensor as the format asks; returns what it printed.
    @discardableResult
    static func run(_ script: String, _ arguments: String...) throws -> String {
        String(decoding: try run(arguments: ["-c", prelude + script] + arguments), as: UTF8.self)
    }

    private static let prelude = """
        import hashlib, json, sys
        import h5py
        import numpy as np

        def head(file, version=1, form="higgs-alignment-archive"):
            file.attrs["format"] = form
            file.attrs["format_version"] = version
            file.attrs["id"] = "7f0c5f5e-3a52-4a3c-8f3b-0d5c6d7e8f90"
            file.attrs["created_at"] = "2025-01-02T03:04:05Z"
            file.attrs["created_by"] = "python 1"

        def mark(dataset, dtype, data):
            dataset.attrs["dtype"] = dtype
            little = data.astype(data.dtype.newbyteorder("<"))
            dataset.attrs["sha256"] = hashlib.sha256(np.ascontiguousarray(little).tobytes()).hexdigest()

        def put(file, path, data, dtype=None, **how):
            data = np.asarray(data)
            dataset = file.create_dataset(path, data=data, **how)
            mark(dataset, dtype or data.dtype.name, data)
            return dataset

        def typed(file, kind):
            h5py.h5d.create(file.id, b"x", kind, h5py.h5s.create_simple((64,)))

        def filtered(file, number):
            how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            how.set_chunk((64,))
            how.set_filter(number, h5py.h5z.FLAG_OPTIONAL, ())
            h5py.h5d.create(file.id, b"x", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((64,)), how)


        """
}
