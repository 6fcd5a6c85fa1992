import TerminalUI

/// Any text is a theme, with warnings where it is not what it should be; imported themes have the contrast that they need.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let catalog = ThemeCatalog(files: [
        ThemeCatalog.Entry(name: "fuzzed", file: "fuzzed.yaml", text: text),
        ThemeCatalog.Entry(name: "b", file: "b.yaml", text: "meshtop: {name: b, extends: fuzzed}"),
    ])
    for name in ["fuzzed", "b"] {
        let reading = catalog.theme(name)
        _ = (reading.warnings, reading.theme.contrastProblems, reading.theme.raisingContrast())
    }
    return 0
}
