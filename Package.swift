// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// What `--version` says: the commit, which `script/build` finds out. What SwiftPM itself knows of git it keeps from one
/// build to the next, and it would be an earlier commit's.
let commit = Context.environment["HIGGS_COMMIT"] ?? ""

/// A library layer: a folder of `Sources/AlignmentKit`. Layers see only the layers named here,
/// so that the arrows of docs/architecture.md hold by construction.
func layer(_ name: String, _ folder: String, on dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/AlignmentKit/\(folder)",
        swiftSettings: strict)
}

let package = Package(
    name: "higgs-diagnose",
    products: [
        .library(name: "AlignmentKit", targets: ["AlignmentKit"]),
        .executable(name: "higgs-diagnose", targets: ["higgs-diagnose"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(
            name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(
            name: "CEbur128", pkgConfig: "libebur128", providers: [.apt(["libebur128-dev"])]),

        .target(
            name: "CKernels",
            exclude: ["levels.inc", "codec_kernels.inc", "measure_kernels.inc", "measure_kernel.inc"]),
        // kissfft is one header of templates; libkissfft-dev has it.
        .target(name: "CSpectrum"),

        .target(name: "CCommit", cSettings: [.define("HIGGS_COMMIT", to: "\"\(commit)\"")]),

        layer("AlignmentWording", "Wording", on: []),
        layer("AlignmentJSON", "JSON", on: []),
        layer(
            "AlignmentYAML", "YAML", on: ["AlignmentFiles", .product(name: "Yams", package: "Yams")]),
        layer("AlignmentTensors", "Tensor", on: [.product(name: "Crypto", package: "swift-crypto")]),
        layer("AlignmentFiles", "Files", on: []),
        layer(
            "AlignmentArchive", "Archive",
            on: ["AlignmentFiles", "AlignmentTensors", "AlignmentJSON", "CHDF5"]),
        layer("AlignmentAudio", "Audio", on: ["AlignmentFiles", "AlignmentTensors", "CSndFile"]),
        layer("AlignmentCodec", "Codec", on: ["AlignmentTensors", "COpenBLAS", "CKernels"]),
        layer("AlignmentResample", "Resample", on: ["CSoxr"]),
        layer("AlignmentLogMel", "LogMel", on: ["CSpectrum"]),
        layer("AlignmentComparison", "Comparison", on: ["AlignmentTensors", "CKernels"]),
        layer(
            "AlignmentParity", "Parity",
            on: ["AlignmentArchive", "AlignmentComparison", "AlignmentYAML"]),
        layer(
            "AlignmentStages", "Stages",
            on: [
                "AlignmentTensors", "AlignmentJSON", "AlignmentYAML", "AlignmentCodec", "AlignmentResample",
                "AlignmentLogMel",
            ]),
        layer(
            "AlignmentAcoustics", "Acoustics",
            on: [
                "AlignmentAudio", "AlignmentFiles", "AlignmentStages", "AlignmentWording", "AlignmentYAML",
                "CSpectrum",
                "CEbur128",
            ]),
        layer(
            "AlignmentLogs", "Logs",
            on: ["AlignmentFiles", "AlignmentJSON", "AlignmentStages", "AlignmentWording"]),
        layer(
            "AlignmentDiagnosis", "Diagnosis",
            on: ["AlignmentStages", "AlignmentComparison", "AlignmentArchive", "AlignmentWording"]),
        layer(
            "AlignmentExchange", "Exchange",
            on: ["AlignmentArchive", "AlignmentFiles", "AlignmentTensors", "AlignmentJSON"]),
        layer(
            "AlignmentReport", "Report",
            on: [
                "AlignmentDiagnosis", "AlignmentParity", "AlignmentAcoustics", "AlignmentLogs",
                "AlignmentFiles", "AlignmentWording",
            ]),
        layer(
            "AlignmentGate", "Gate",
            on: [
                "AlignmentReport", "AlignmentDiagnosis", "AlignmentParity", "AlignmentAcoustics",
                "AlignmentLogs", "AlignmentComparison", "AlignmentStages", "AlignmentFiles", "AlignmentJSON",
                "AlignmentYAML", "AlignmentWording",
            ]),
        .target(
            name: "AlignmentPage",
            dependencies: [
                "AlignmentGate", "AlignmentReport", "AlignmentDiagnosis", "AlignmentAcoustics",
                "AlignmentAudio",
                "AlignmentJSON", "AlignmentParity", "AlignmentLogs", "AlignmentWording",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Sources/AlignmentKit/Page",
            resources: [.embedInCode("page.css"), .embedInCode("page.js")], swiftSettings: strict),
        layer(
            "AlignmentKit", "Umbrella",
            on: [
                "AlignmentPage", "AlignmentGate", "AlignmentReport", "AlignmentDiagnosis", "AlignmentParity",
                "AlignmentArchive",
                "AlignmentAudio", "AlignmentAcoustics", "AlignmentLogs", "AlignmentExchange",
                "AlignmentWording",
            ]),

        .executableTarget(
            name: "higgs-diagnose",
            dependencies: [
                "AlignmentKit", "CCommit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "compare-benchmark", dependencies: ["AlignmentKit"], path: "Benchmarks/compare",
            swiftSettings: strict),
        .executableTarget(
            name: "log-mel-benchmark", dependencies: ["AlignmentKit"], path: "Benchmarks/log-mel",
            swiftSettings: strict),
        .executableTarget(
            name: "codec-benchmark", dependencies: ["AlignmentArchive", "AlignmentCodec", "COpenBLAS"],
            path: "Benchmarks/codec", swiftSettings: strict),
        .executableTarget(
            name: "sampling-study",
            dependencies: [
                "AlignmentArchive", "AlignmentDiagnosis", "AlignmentReport", "AlignmentStages", "TestSupport",
            ],
            path: "Benchmarks/sampling", swiftSettings: strict),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "AcousticsTests",
            dependencies: [
                "AlignmentKit", "AlignmentYAML", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Oracle"], swiftSettings: strict),
        .testTarget(
            name: "AlignmentTests", dependencies: ["AlignmentKit"], swiftSettings: strict),
        .testTarget(
            name: "DiagnosisTests", dependencies: ["AlignmentKit", "TestSupport"], exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "ParityTests",
            dependencies: ["AlignmentKit", "AlignmentParity", "AlignmentYAML", "TestSupport"],
            exclude: ["Oracle"], swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "AlignmentKit", "TestSupport", "higgs-diagnose",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CodecTests", dependencies: ["AlignmentKit", "CKernels", "TestSupport"],
            exclude: ["Fixtures", "make_fixtures.py"], swiftSettings: strict),
        .testTarget(
            name: "ArchiveTests", dependencies: ["AlignmentKit", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ExchangeTests", dependencies: ["AlignmentKit", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "GateTests",
            dependencies: ["AlignmentKit", "AlignmentGate", "AlignmentYAML", "TestSupport"],
            exclude: ["tests"], swiftSettings: strict),
        .testTarget(
            name: "LogTests", dependencies: ["AlignmentKit", "AlignmentLogs"], exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "SamplingTests", dependencies: ["AlignmentKit", "AlignmentDiagnosis", "sampling-study"],
            swiftSettings: strict),
        .testTarget(
            name: "StageTests", dependencies: ["AlignmentKit", "AlignmentStages", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "UpstreamTests", dependencies: ["AlignmentKit", "AlignmentStages"],
            exclude: ["Oracle"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
