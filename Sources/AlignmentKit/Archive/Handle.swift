internal import CHDF5

/// An identifier of libhdf5 that is ours: closed once, when the value goes away.
struct Handle: ~Copyable, Sendable {
    /// The identifier, valid as long as this value lives.
    let id: hid_t

    /// Takes over an identifier that the library just handed out; nil if that call failed.
    init?(owning id: hid_t) {
        guard id >= 0 else { return nil }
        self.id = id
    }

    /// Closes now, for a file whose last writes may fail; false if they did.
    consuming func close() -> Bool {
        let id = self.id
        discard self
        return Library.locked { H5Idec_ref(id) >= 0 }
    }

    deinit {
        let id = self.id
        _ = Library.locked { H5Idec_ref(id) }
    }
}
