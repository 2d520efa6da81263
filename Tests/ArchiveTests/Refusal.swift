import AlignmentKit
import Foundation
import TestSupport
import Testing

/// One thing that h5py can write and that an archive must not hold.
struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Python that writes it at `x` of an open archive `f`, in a folder `here`.
    let script: String
    let path: String
    let reason: ArchiveError.Reason

    static let links: [Refusal] = [
        .init("an external link", .refused(.externalLink(target: "other.h5:/y"))) {
            #"f["x"] = h5py.ExternalLink("other.h5", "/y")"#
        },
        .init("a path through an external link", .refused(.externalLink(target: "other.h5:/y")), path: "/x/z")
        {
            #"f["x"] = h5py.ExternalLink("other.h5", "/y")"#
        },
        .init("a soft link to an external link", .refused(.externalLink(target: "other.h5:/y"))) {
            #"f["e"] = h5py.ExternalLink("other.h5", "/y"); f["x"] = h5py.SoftLink("/e")"#
        },
        .init("a soft link to nothing", .refused(.danglingSoftLink(target: "/no/where"))) {
            #"f["x"] = h5py.SoftLink("/no/where")"#
        },
        .init("a soft link that climbs out", .refused(.danglingSoftLink(target: "../x"))) {
            #"f["x"] = h5py.SoftLink("../x")"#
        },
        .init("soft links in a circle", .overLimit(.softLinks, found: "17", allowed: "16")) {
            #"f["x"] = h5py.SoftLink("y"); f["y"] = h5py.SoftLink("x")"#
        },
    ]

    static let storage: [Refusal] = [
        .init("a virtual dataset", .refused(.virtualDataset)) {
            """
            layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
            layout[:] = h5py.VirtualSource("other.h5", "y", shape=(4,))
            f.create_virtual_dataset("x", layout)
            """
        },
        .init("elements in another file", .refused(.externalStorage)) {
            #"f.create_dataset("x", (4,), "f4", external=[(here + "/raw.bin", 0, 16)])"#
        },
        .init("the filter fletcher32", .refused(.filter("fletcher32"))) {
            #"put(f, "x", np.zeros(4, "f4"), chunks=(4,), fletcher32=True)"#
        },
        .init("the filter lzf", .refused(.filter("lzf"))) {
            #"put(f, "x", np.zeros(4, "f4"), chunks=(4,), compression="lzf")"#
        },
        .init("the filter scaleoffset", .refused(.filter("scaleoffset"))) {
            #"put(f, "x", np.zeros(4, "i8"), chunks=(4,), scaleoffset=0)"#
        },
        .init("the filter nbit", .refused(.filter("nbit"))) { "filtered(f, h5py.h5z.FILTER_NBIT)" },
        .init("the filter szip", .refused(.filter("szip"))) { "filtered(f, h5py.h5z.FILTER_SZIP)" },
        .init("a filter from a plug-in", .refused(.filter("number 32004"))) { "filtered(f, 32004)" },
        .init("compound elements", .refused(.typeClass("compound elements"))) {
            #"put(f, "x", np.zeros(4, [("a", "f4"), ("b", "i4")]))"#
        },
        .init("references", .refused(.typeClass("references to objects or regions"))) {
            #"f.create_dataset("x", data=f.create_group("g").ref, dtype=h5py.ref_dtype)"#
        },
        .init("region references", .refused(.typeClass("references to objects or regions"))) {
            #"f.create_dataset("x", (2,), dtype=h5py.regionref_dtype)"#
        },
        .init("numpy's own bool", .refused(.typeClass("enumerated values"))) {
            #"put(f, "x", np.zeros(4, "?"))"#
        },
        .init("sequences", .refused(.typeClass("sequences of variable length"))) {
            #"f.create_dataset("x", (2,), dtype=h5py.vlen_dtype("i4"))"#
        },
        .init("opaque bytes", .refused(.typeClass("opaque bytes"))) {
            #"f.create_dataset("x", data=np.zeros(2, "V4"))"#
        },
        .init("arrays as elements", .refused(.typeClass("arrays as elements"))) {
            "typed(f, h5py.h5t.array_create(h5py.h5t.IEEE_F32LE, (3,)))"
        },
        .init("bit fields", .refused(.typeClass("bit fields"))) { "typed(f, h5py.h5t.STD_B8LE)" },
        .init("times", .refused(.typeClass("times"))) { "typed(f, h5py.h5t.UNIX_D32LE)" },
        .init("an array of texts", .refused(.dataspace("an array of texts"))) {
            #"f.create_dataset("x", data=["a", "b"])"#
        },
        .init("a committed type", .refused(.committedType)) { #"f["x"] = np.dtype("f4")"# },
        .init("elements of a committed type", .refused(.committedType)) {
            #"f["t"] = np.dtype("f4"); f.create_dataset("x", (4,), f["t"])"#
        },
    ]

    static let limits: [Refusal] = [
        .init(
            "a shape of 2^40 without data",
            .overLimit(.tensorBytes, found: "4398046511104", allowed: "4294967296")
        ) { #"mark(f.create_dataset("x", (2**40,), "f4", chunks=(1024,)), "float32", np.zeros(1))"# },
        .init(
            "a shape whose extents overflow",
            .overLimit(.tensorBytes, found: "[1099511627776, 1099511627776]", allowed: "4294967296")
        ) { #"mark(f.create_dataset("x", (2**40, 2**40), "f4", chunks=(32, 32)), "float32", np.zeros(1))"# },
        .init(
            "a gibibyte of which nothing is stored",
            .overLimit(.decompressionRatio, found: "1073741824", allowed: "1100")
        ) { #"mark(f.create_dataset("x", (2**28,), "f4", chunks=(1024,)), "float32", np.zeros(1))"# },
        .init(
            "a gibibyte of which one chunk is stored",
            .overLimit(.decompressionRatio, found: "262144", allowed: "1100")
        ) {
            """
            d = f.create_dataset("x", (2**28,), "f4", chunks=(1024,))
            d[:1024] = 1
            mark(d, "float32", np.zeros(1))
            """
        },
        .init("a million chunks", .overLimit(.chunks, found: "1048576", allowed: "262144")) {
            #"mark(f.create_dataset("x", (2**20,), "u1", chunks=(1,)), "uint8", np.zeros(1))"#
        },
        .init(
            "a chunk of 512 MiB", .overLimit(.chunkBytes, found: "536870912", allowed: "268435456")
        ) {
            #"mark(f.create_dataset("x", (4,), "f8", chunks=(2**26,), maxshape=(None,)), "float64", np.zeros(1))"#
        },
        .init("300 attributes", .overLimit(.attributes, found: "302", allowed: "256")) {
            """
            d = put(f, "x", np.zeros(1, "f4"))
            for i in range(300):
                d.attrs[str(i)] = i
            """
        },
        .init("nine axes", .overLimit(.rank, found: "9", allowed: "8")) {
            #"put(f, "x", np.zeros((1,) * 9, "f4"))"#
        },
        .init("a path of 33 names", .overLimit(.depth, found: "33", allowed: "32"), path: "x" + "/g" * 32) {
            #"put(f, "x" + "/g" * 32, np.zeros(1, "f4"))"#
        },
        .init(
            "a name of 1,025 bytes", .overLimit(.nameBytes, found: "1025", allowed: "1024"), path: "n" * 1025
        ) {
            #"put(f, "n" * 1025, np.zeros(1, "f4"))"#
        },
        .init("an attribute of 70,000 bytes", .overLimit(.attributeBytes, found: "70000", allowed: "65536")) {
            #"put(f, "x", np.zeros(1, "f4")).attrs["axes"] = "a" * 70000"#
        },
    ]

    static let attributes: [Refusal] = [
        .init("no dtype", .missingAttribute("dtype")) { #"f.create_dataset("x", data=np.zeros(4, "f4"))"# },
        .init("no hash", .missingAttribute("sha256")) {
            #"f.create_dataset("x", data=np.zeros(4, "f4")).attrs["dtype"] = "float32""#
        },
        .init(
            "another stored type than the dtype",
            .wrongStorage(dtype: .int64, expected: "integer of 8 bytes", found: "float of 4 bytes")
        ) { #"put(f, "x", np.zeros(4, "f4"), "int64")"# },
        .init(
            "bfloat16 stored as signed integers",
            .wrongStorage(
                dtype: .bfloat16, expected: "unsigned integer of 2 bytes", found: "integer of 2 bytes")
        ) { #"put(f, "x", np.zeros(4, "i2"), "bfloat16")"# },
        .init(
            "a dtype that no archive has",
            .malformedAttribute(
                "dtype",
                expected: "one of float64, float32, float16, bfloat16, int64, int32, uint8, bool",
                found: "complex64")
        ) { #"put(f, "x", np.zeros(4, "f4"), "complex64")"# },
        .init(
            "a dtype that is a number",
            .malformedAttribute("dtype", expected: "a text", found: "integer of 8 bytes")
        ) {
            #"put(f, "x", np.zeros(4, "f4"), 3)"#
        },
        .init(
            "None with a dtype",
            .malformedAttribute("dtype", expected: "none where nothing is stored", found: "float32")
        ) { #"f.create_dataset("x", data=h5py.Empty("f4")).attrs["dtype"] = "float32""# },
        .init("a bool of 2", .malformedBool(2)) { #"put(f, "x", np.array([0, 1, 2], "u1"), "bool")"# },
        .init(
            "a sample rate of two values",
            .malformedAttribute("sample_rate", expected: "one value", found: "2 values")
        ) { #"put(f, "x", np.zeros(4, "f4")).attrs["sample_rate"] = [1, 2]"# },
        .init(
            "a sample rate that is no whole number",
            .malformedAttribute("sample_rate", expected: "a whole number", found: "0.5")
        ) { #"put(f, "x", np.zeros(4, "f4")).attrs["sample_rate"] = 0.5"# },
        .init(
            "axes that are no JSON",
            .malformedAttribute("axes", expected: "a JSON list of names", found: "frame")
        ) { #"put(f, "x", np.zeros(4, "f4")).attrs["axes"] = "frame""# },
        .init("a tensor that is not there", .missing) { "pass" },
        .init("a group", .wrongKind(expected: .tensor, found: .group)) { #"f.create_group("x")"# },
        .init("a JSON text", .wrongKind(expected: .tensor, found: .json)) {
            #"f.create_dataset("x", data="{}")"#
        },
    ]

    init(_ what: String, _ reason: ArchiveError.Reason, path: String = "x", script: () -> String) {
        self.testDescription = what
        self.script = script()
        self.path = path
        self.reason = reason
    }

    static let all = links + storage + limits + attributes

    /// All of them, each as `<description>.h5` in one folder, written by one Python.
    static let written: Result<Scratch, any Error> = Result {
        let scratch = try Scratch()
        let blocks = all.map { refusal in
            let body = refusal.script.split(separator: "\n").map { "    \($0)\n" }.joined()
            return
                "with h5py.File(here + \"/\(refusal.testDescription).h5\", \"w\") as f:\n    head(f)\n\(body)"
        }
        // What a static value holds is not released when the process ends.
        atexit { if let scratch = try? Refusal.written.get() { scratch.remove() } }
        try Python.run("here = sys.argv[1]\n" + blocks.joined(), scratch.path)
        return scratch
    }
}

private func * (text: String, count: Int) -> String { String(repeating: text, count: count) }
