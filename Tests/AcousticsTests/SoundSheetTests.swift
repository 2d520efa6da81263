import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("Contact sheets")
struct SoundSheetTests {
    private func sheet(_ count: Int) throws -> String {
        let sounds = try (0..<count).map { index in
            let row = RealSoundTests.rows[index % RealSoundTests.rows.count]
            let measures = try SoundMeter().measure(row.path)
            let result = SoundResult(path: "a&b<\(index)>\u{1B}.wav", measures, judge: SoundJudge())
            let picture = try SoundThumbnail(row.path, measures, columns: SoundSheet.columns)
            return (result, picture)
        }
        return SoundSheet(title: "a folder", sounds).svg
    }

    @Test("a page is XML that holds each sound's picture, as PNG that a decoder takes")
    func pictures() throws {
        let scratch = try Scratch()
        let page = try scratch.file("page.svg", Data(try sheet(21).utf8))
        let printed = try Python.run(
            script: """
                import base64, struct, sys, zlib
                import xml.etree.ElementTree as tree
                found = 0
                for image in tree.parse(sys.argv[1]).iter("{http://www.w3.org/2000/svg}image"):
                    data = base64.b64decode(image.get("href").split(",", 1)[1])
                    assert data[:8] == bytes([137, 80, 78, 71, 13, 10, 26, 10])
                    place, chunks = 8, {}
                    while place < len(data):
                        size, = struct.unpack(">I", data[place:place + 4])
                        body = data[place + 4:place + 8 + size]
                        assert struct.unpack(">I", data[place + 8 + size:place + 12 + size])[0] == zlib.crc32(body)
                        chunks[body[:4]] = body[4:]
                        place += 12 + size
                    width, height, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
                    rows = zlib.decompress(chunks[b"IDAT"])
                    assert (depth, kind, len(chunks[b"PLTE"])) == (8, 3, 768)
                    assert len(rows) == height * (width + 1) and all(rows[i * (width + 1)] == 0 for i in range(height))
                    found += 1
                print(found)
                """, page)
        #expect(printed == "21\n")
    }

    @Test("a page has at most 200 sounds and stays small")
    func capacity() throws {
        let page = try sheet(205)
        #expect(page.components(separatedBy: "<image").count == 201)
        #expect(page.utf8.count < 5_000_000)
    }

    @Test("the waveform's columns hold its extremes")
    func columns() throws {
        let sounds = try Sounds()
        var samples = [Float](repeating: 0, count: 20_000)
        (samples[0], samples[10_000], samples[19_999]) = (0.5, -0.75, 1)
        let file = try sounds.write([samples])
        let picture = try SoundThumbnail(file, try SoundMeter().measure(file), columns: 100)
        #expect(picture.waveform.count == 100)
        #expect(
            picture.waveform[0] == 0...0.5 && picture.waveform[50] == -0.75...0
                && picture.waveform[99] == 0...1)
        #expect(picture.waveform[1] == 0...0)
    }

    @Test("a spectrogram has no column without a frame of its own, which would be black")
    func shortSound() throws {
        let samples = (0..<20_000).map { Float($0.isMultiple(of: 7) ? 0.5 : -0.1) }
        let sounds = try Sounds()
        let file = try sounds.write([samples])
        let picture = try SoundThumbnail(file, try SoundMeter().measure(file), columns: 100)
        #expect(picture.spectrogram.count == (20_000 - 480) / 240 + 1)
        #expect(picture.spectrogram.allSatisfy { ($0.max() ?? -140) > -90 })
    }
}
