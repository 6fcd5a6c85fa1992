import Documents
import EnvoyModel
import Presentation

/// Any bytes are a dump with tables, or an error in istioctl's words.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: bytes, count: count))
    if let hosts = try? HostStatuses(bytes, file: "-") {
        _ = ProxyConfigReport(.short).endpoints(hosts, where: EndpointQuery())
    }
    guard let dump = try? ConfigDump(bytes, file: "-") else { return 0 }
    for output in OutputFormat.allCases {
        let report = ProxyConfigReport(output)
        try? report.all(dump, where: FullSummaryQuery(), withHeaders: true, now: 0) { _ in }
        _ = try? report.listeners(dump, where: ListenerQuery())
        _ = try? report.routes(dump, named: "")
        _ = try? report.ecds(dump)
    }
    _ = (try? dump.listeners()).map { WaypointRow.rows(of: $0) }
    _ = ProxyStatusReport.compare(istiod: dump, envoy: dump)
    let snapshot = XDSSnapshot(
        listeners: (try? dump.listeners()) ?? [], routes: (try? dump.routes()) ?? [],
        clusters: (try? dump.clusters()) ?? [], endpoints: dump.endpoints())
    _ = EnvoyExport(snapshot, name: "x").bootstrap.text()
    return 0
}
