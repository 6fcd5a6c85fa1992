import CurlCommand
import Documents
import MeshModel
import Tutorial

/// What is worked out is not the page's: the page is read and its commands are played against objects in memory.
private struct Silent: MeshOracle {
    func curl(_ invocation: CurlInvocation, in mesh: MeshSnapshot) -> Prediction { Prediction() }
    func proxyConfig(_ words: [String], in mesh: MeshSnapshot) -> Prediction { Prediction(lines: words) }
    func findings(in mesh: MeshSnapshot) -> [Diagnostic] { [] }
}

/// Any text is a page that can be played, in each of its tabs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let page = PageReader.read(text, file: "page.md")
    var report = PlayReport(file: "page.md")
    for tab in [nil, "Istio APIs"] as [String?] {
        report.runs.append(TutorialPlayer.play(page, tab: tab, settings: PlaySettings(), oracle: Silent()))
    }
    _ = report.text()
    return 0
}
