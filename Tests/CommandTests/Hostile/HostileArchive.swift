import TestSupport
import Testing

/// An archive made to do harm, and what the sentence about it must say.
struct HostileArchive: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What `verify` names.
    let says: String
    /// Python that makes it of a sound archive, `f`, open for writing, or of its path, `file`.
    let script: String

    init(_ what: String, says: String, _ script: String) {
        testDescription = what
        self.says = says
        self.script = script
    }

    static let all = [
        HostileArchive(
            "a tensor of 4 TiB in a file of kilobytes", says: "bytes of a tensor",
            #"mark(f.create_dataset("weights/x", (2**40,), "f4", chunks=(2**26,)))"#),
        HostileArchive(
            "zeros that inflate four thousandfold", says: "bytes declared for each byte stored",
            """
            d = f.create_dataset("weights/x", (2**28,), "f4", chunks=(2**18,), compression="gzip")
            d[:2**18] = 0
            mark(d)
            """),
        HostileArchive(
            "one chunk of 2 GiB around 4 elements", says: "bytes in one chunk",
            #"mark(f.create_dataset("weights/x", (4,), "f8", chunks=(2**29-1,), maxshape=(None,), compression="gzip"))"#
        ),
        HostileArchive(
            "a million chunks of one byte", says: "chunks",
            #"mark(f.create_dataset("weights/x", (2**20,), "u1", chunks=(1,)))"#),
        HostileArchive(
            "brackets within brackets", says: "levels of brackets",
            #"f["samples/deep.json"] = "[" * 100000 + "]" * 100000"#),
        HostileArchive(
            "a JSON text of two million values", says: "values in a JSON text",
            #"f["samples/wide.json"] = "[" + "1," * 2000000 + "1]""#),
        HostileArchive(
            "a JSON text of 65 MiB", says: "bytes of a JSON text",
            #"f["samples/long.json"] = '"' + "a" * (65 << 20) + '"'"#),
        HostileArchive(
            "an attribute of 16 MiB", says: "bytes of an attribute",
            #"f["samples/000000/tokens/input/segments/0/delayed"].attrs["axes"] = "a" * (16 << 20)"#),
        HostileArchive(
            "a thousand attributes", says: "attributes",
            """
            d = f["samples/000000/tokens/input/segments/0/delayed"]
            for i in range(1000):
                d.attrs[str(i)] = i
            """),
        HostileArchive(
            "groups within groups", says: "levels of groups",
            #"f.create_group("samples/000000/" + "g/" * 400)"#),
        HostileArchive(
            "a name of 60,000 bytes", says: "bytes of a name", #"f.create_group("n" * 60000)"#),
        HostileArchive(
            "soft links in a circle", says: "soft links in a row",
            #"f["samples/a"] = h5py.SoftLink("/samples/b"); f["samples/b"] = h5py.SoftLink("/samples/a")"#),
        HostileArchive(
            "a link to another file", says: "external link",
            #"f["weights/x"] = h5py.ExternalLink("/etc/passwd", "/")"#),
        HostileArchive(
            "elements in another file", says: "another file",
            #"mark(f.create_dataset("weights/x", (4,), "f4", external=[("/etc/passwd", 0, 16)]))"#),
        HostileArchive(
            "a virtual dataset", says: "virtual dataset",
            """
            layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
            layout[:] = h5py.VirtualSource("/etc/passwd", "y", shape=(4,))
            f.create_virtual_dataset("weights/x", layout)
            """),
        HostileArchive(
            "a filter that would be loaded from a plug-in", says: "filter",
            #"mark(f.create_dataset("weights/x", (64,), "f4", chunks=(64,), compression="lzf"))"#),
        HostileArchive(
            "a user-defined link", says: "user-defined link",
            """
            f["weights/zz"] = h5py.ExternalLink("o.h5", "/")
            f.close()
            data = bytearray(open(file, "rb").read())
            name = data.index(b"zz", data.index(b"zz") if data.count(b"zz") == 1 else 0)
            at = data.rfind(bytes([64]), 0, name)
            data[at] = 200
            open(file, "wb").write(data)
            """),
        HostileArchive(
            "a user block", says: "user block",
            """
            f.close()
            data = open(file, "rb").read()
            with h5py.File(file, "w", userblock_size=512) as g:
                g.attrs["format"] = "higgs-alignment-archive"
                g.attrs["format_version"] = 1
            """),
        HostileArchive(
            "a name that acts on the terminal", says: "\u{FFFD}[2J",
            #"f.create_dataset("samples/\x1b[2J\x07", data=np.zeros(4, "f4"))"#),
        HostileArchive(
            "a text attribute that claims 4 GiB", says: "could not be read",
            """
            f["samples/000000/tokens/input/segments/0/delayed"].attrs["axes"] = "claims"
            f.close()
            claim(file, 6, 2**32 - 1)
            """),
        HostileArchive(
            "a text that claims 4 GiB", says: "bytes of a JSON text",
            """
            f["samples/claims.json"] = '"claims"'
            f.close()
            claim(file, 8, 2**32 - 1)
            """),
        HostileArchive(
            "references to objects", says: "references",
            #"f.create_dataset("weights/x", data=f["samples"].ref, dtype=h5py.ref_dtype)"#),
        HostileArchive(
            "half of a tensor cut away", says: "is cut off: it has",
            """
            f.close()
            data = open(file, "rb").read()
            open(file, "wb").write(data[: len(data) // 2])
            """),
    ]
}
