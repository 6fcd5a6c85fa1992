import Documents
import RouteChecks

/// Any bytes are a file of tests or a diagnostic.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let file = RouteCheckFile(Array(UnsafeBufferPointer(start: bytes, count: count)), file: "x.yaml")
    precondition(!file.checks.isEmpty || !file.diagnostics.isEmpty)
    for diagnostic in file.diagnostics { precondition(!diagnostic.rendered.isEmpty) }
    return 0
}
