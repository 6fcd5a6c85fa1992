import ProxyCore

/// The transport to a workload inside meshtop: what the proxy sends goes to the workload's own HTTP server without a socket, and
/// back the same way.
final class WorkloadCarrier: Carrier {
    private let upstream: UpstreamConnection
    private let workload: Workload
    private let worker: WorkerLoop
    private var isReading = true
    private var isClosed = false
    /// The worker was asked to come back.
    private var isScheduled = false

    init(_ upstream: UpstreamConnection, kind: Workload.Kind, worker: WorkerLoop) {
        self.upstream = upstream
        self.worker = worker
        workload = Workload(
            kind: kind, identity: upstream.host.workload, endpoint: upstream.host.address)
    }

    func flush(_ core: ProxyWorker) {
        guard !isClosed else { return }
        var bytes = ByteQueue()
        swap(&bytes, &upstream.output)
        bytes.withBytes { workload.received($0, now: worker.now) }
        upstream.output.takeBuffer(of: &bytes)
        if upstream.holdsPeer { core.outputDrained(upstream) }
        deliver()
    }

    /// Hands over what the workload has answered by now.
    private func deliver() {
        if isReading, !workload.output.isEmpty {
            var bytes = ByteQueue()
            swap(&bytes, &workload.output)
            bytes.withBytes { worker.core.received($0, from: upstream, now: worker.now) }
            workload.output.takeBuffer(of: &bytes)
        }
        if workload.hasEnded, workload.output.isEmpty { return close() }
        guard !isScheduled, let time = workload.wakeTime else { return }
        isScheduled = true
        worker.schedule(at: time) { [self] in timePassed() }
    }

    private func timePassed() {
        isScheduled = false
        guard !isClosed else { return }
        workload.timePassed(now: worker.now)
        deliver()
    }

    func setReading(_ isOn: Bool) {
        isReading = isOn
        if isOn { deliver() }
    }

    func end(_ kind: CarrierEnd) {
        flush(worker.core)
        close()
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        worker.core.closed(upstream, now: worker.now)
        upstream.carrier = nil
    }
}
