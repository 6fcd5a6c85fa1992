import CAllocations
import Documents
import EnvoyModel
import TestSupport
import Testing
import TrafficEngine

@testable import ProxyCore

/// The heap is counted block by block on this thread, so the number is the same in every run, whatever the machine does besides.
@Suite("What a request costs the heap") struct AllocationTests {
    /// A transport whose peer takes everything.
    final class Sink: Carrier {
        unowned let connection: ProxyConnection

        init(_ connection: ProxyConnection) { self.connection = connection }

        func flush(_ core: ProxyWorker) { connection.output.removeAll() }
        func setReading(_ isOn: Bool) {}
        func end(_ kind: CarrierEnd) {}
        func close() {}
    }

    static let request = Array(
        "GET /a/b?c=d HTTP/1.1\r\nHost: h\r\nUser-Agent: t\r\nAccept: */*\r\nX-Tenant: one\r\n\r\n".utf8)
    static let response = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Up: 1\r\n\r\nhello".utf8)

    @Test("a warm request over kept connections takes at most 0.05 blocks: statistics and the Tap's ring are on")
    func warm() throws {
        let parsed = DocumentReader.read(Array(bootstrap(routes: plainRoutes).utf8), file: "bootstrap.yaml")
        let root = try #require(parsed.documents.first?.root)
        let worker = ProxyWorker(index: 0, seed: 1, wallOffset: 0, tapCapacity: 64, keepsAccessLog: false)
        worker.install([(name: "p", compiled: CompiledSnapshot(XDSSnapshot(bootstrap: root)))])
        let client = try #require(
            worker.clientOpened(proxy: "p", listener: "l", remoteIP: "10.0.0.9", remotePort: 4711, now: 1))
        client.carrier = Sink(client)
        var upstream: UpstreamConnection?
        var now: UInt64 = 1_000_000_000

        func perform() {
            while let action = worker.nextAction() {
                switch action.kind {
                case .connect:
                    upstream = action.connection as? UpstreamConnection
                    if let upstream {
                        upstream.carrier = Sink(upstream)
                        worker.connected(upstream, now: now)
                    }
                case .flush:
                    worker.flushBegins(action.connection)
                    action.connection.carrier?.flush(worker)
                default: break
                }
            }
        }
        func exchange() {
            now += 10_000
            worker.received(Self.request.span, from: client, now: now)
            perform()
            if let upstream { worker.received(Self.response.span, from: upstream, now: now) }
            perform()
        }

        // Buffers grow to their sizes, the ring fills.
        for _ in 0..<200 { exchange() }
        let before = allocations_of_this_thread()
        for _ in 0..<1000 { exchange() }
        let taken = allocations_of_this_thread() - before
        #expect(worker.tapRecords(since: 0).position == 1200)
        #expect(taken <= 50, "\(Double(taken) / 1000) blocks a request")
        // The count itself works.
        let made = allocations_of_this_thread()
        let line = Sink(client)
        #expect(allocations_of_this_thread() > made)
        withExtendedLifetime(line) {}
    }
}
