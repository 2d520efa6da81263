internal import CSndFile

/// An open file of libsndfile, closed once, when the value goes away.
struct SoundHandle: ~Copyable {
    /// The file, valid as long as this value lives.
    let pointer: OpaquePointer

    /// Takes over a file that was just opened; nil if that failed.
    init?(_ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    /// Why the file that was not opened last was not.
    static var openingError: String { String(cString: sf_strerror(nil)) }

    /// The failure of the last call; nil if there was none.
    var error: String? {
        sf_error(pointer) == SF_ERR_NO_ERROR ? nil : String(cString: sf_strerror(pointer))
    }

    /// Closes now, because what is still to be written may fail; why it did, or nil.
    consuming func close() -> String? {
        let pointer = self.pointer
        discard self
        let status = sf_close(pointer)
        return status == 0 ? nil : String(cString: sf_error_number(status))
    }

    deinit { sf_close(pointer) }
}
