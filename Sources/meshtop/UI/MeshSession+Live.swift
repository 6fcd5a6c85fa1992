import AdminAPI
import Documents
import EnvoyModel
import MeshtopUI

/// A running proxy that is looked at.
extension MeshSession {
    /// Looks at a running proxy from now on.
    func attach(_ address: String) async throws {
        do throws(AdminError) {
            let live = try LiveEnvoy(address)
            self.live = live
            try await readLive(live)
        } catch {
            throw InputError("\(error)", hint: "is that the admin address of a running Envoy? (istio: port 15000)")
        }
        liveRevision = 1
        envoy = loaded
    }

    /// Asks once; says whether its configuration or the state of a host is another one now.
    @discardableResult
    func readLive(_ live: LiveEnvoy) async throws(AdminError) -> Bool {
        let start = Clock.seconds()
        let reading = try await live.read()
        liveState = LiveSource(
            address: live.address, answeredAt: Clock.now(), milliseconds: (Clock.seconds() - start) * 1000,
            uptime: reading.stats.uptime)
        liveStats = reading.stats
        guard reading.isChanged else { return false }
        liveRevision += 1
        loadedAt = Clock.now()
        loaded = LoadedConfiguration(envoy: reading.snapshot)
        envoy = loaded
        var proxy = try? loaded.proxy(named: nil)
        // The places are those of an answer, which is no file.
        let diagnostics = (proxy?.diagnostics ?? []).map {
            Diagnostic($0.severity, $0.message, at: nil, hint: $0.hint, code: $0.code)
        }
        proxy?.diagnostics = diagnostics
        current = proxy
        chosen = current?.name
        return true
    }

    /// Asks a running proxy about every second, less often when it takes long to answer, until the task ends.
    func followLive(_ show: @escaping @Sendable (MeshView) -> Void) async {
        guard let live else { return }
        while !Task.isCancelled {
            let start = Clock.seconds()
            do throws(AdminError) {
                if try await readLive(live) { show(view()) }
            } catch {
                liveState?.problem = "\(error)"
            }
            try? await Task.sleep(for: .seconds(max(0.9, 3 * (Clock.seconds() - start))))
        }
    }
}
