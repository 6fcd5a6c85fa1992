import CurlCommand

/// Any text is a script or an error with a place; a line that is printed again means the same request.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let context = ReplayContext(
        variable: { $0.hasPrefix("INGRESS") ? "10.0.0.1" : nil },
        output: { $0.first == "kubectl" ? "80" : nil },
        file: { $0.utf8.count < 8 ? Array("a=b".utf8) : nil })
    do {
        let script = try CurlScript.parse(text, context: context)
        for transfer in script.transfers.prefix(50) {
            let printed = CurlPrinter().line(transfer)
            let again: CurlScript
            do { again = try CurlScript.parse(printed, context: context) } catch {
                fatalError("\(printed): \(error)")
            }
            precondition(again.transfers.count == 1, printed)
            precondition(again.transfers[0].request.method == transfer.request.method, printed)
            precondition(again.transfers[0].request.target == transfer.request.target, printed)
            precondition(again.transfers[0].request.wire == transfer.request.wire, printed)
            _ = try? transfer.redirected(status: 302, location: text)
        }
    } catch {
        precondition(!error.message.isEmpty && error.line > 0 && error.column > 0)
    }
    let words = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    _ = try? CurlScript.parse(words: words, context: context)
    return 0
}
