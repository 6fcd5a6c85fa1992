import Analysis
import ArgumentParser
import CurlCommand
import Documents
import EnvoyModel
import MeshModel
import Paths
import Presentation
import TrafficEngine
import Translation
import Tutorial

/// Answers a tutorial's questions with what the sub-commands do: `curl`, `proxy-config`, `analyze`.
struct PlayOracle: MeshOracle {
    let compatibility: ProxyConfigReport.Compatibility

    private func loaded(_ mesh: MeshSnapshot) -> LoadedConfiguration {
        LoadedConfiguration(mesh: mesh, translation: MeshTranslation(mesh), proxies: mesh.proxies)
    }

    func findings(in mesh: MeshSnapshot) -> [Diagnostic] {
        LoadedConfiguration.findings(in: mesh).map(\.diagnostic)
    }

    // MARK: proxy-config

    func proxyConfig(_ words: [String], in mesh: MeshSnapshot) -> Prediction {
        let command: any ParsableCommand
        do {
            command = try ProxyConfig.parseAsRoot(words)
        } catch {
            return .refused("istioctl proxy-config \(words.joined(separator: " ")): " + ProxyConfig.message(for: error))
        }
        guard var table = command as? any ComputedTable else {
            return .refused("proxy-config \(words.first ?? "") needs a running proxy")
        }
        let loaded = loaded(mesh)
        let name = table.options.proxyName
        guard let found = node(named: name, in: loaded) else {
            return .refused("no proxy is called \"\(name ?? "")\"")
        }
        table.format.compat = compatibility
        let proxy = loaded.configuration(for: found.node)
        let input = ProxyConfigInput(
            dump: ConfigDump(proxy.snapshot), snapshot: proxy.snapshot, loaded: loaded, node: found.node)
        do {
            let text = try table.text(input)
            var prediction = Prediction(lines: text.split(separator: "\n").map(String.init))
            prediction.effects =
                found.isGuessed ? ["\(name ?? "") is a generated name: taken for \(found.node.id)"] : []
            return prediction
        } catch {
            return .refused("\(error)")
        }
    }

    /// The proxy of a name; of a Pod's name as a cluster generates it, the proxy of its workload.
    private func node(named name: String?, in loaded: LoadedConfiguration) -> (node: ProxyNode, isGuessed: Bool)? {
        if let node = try? loaded.node(named: name) { return (node, false) }
        guard let name else { return nil }
        let pieces = name.split(separator: ".", maxSplits: 1).map(String.init)
        var parts = pieces[0].split(separator: "-")
        // workload-1a2b3c-x4y5z: a ReplicaSet's hash and a Pod's.
        for _ in 0..<2 where parts.count > 1 {
            parts.removeLast()
            let workload = parts.joined(separator: "-")
            let candidates = pieces.count > 1 ? [workload + "." + pieces[1]] : [workload]
            if let node = candidates.lazy.compactMap({ try? loaded.node(named: $0) }).first { return (node, true) }
        }
        return nil
    }

    // MARK: curl

    func curl(_ invocation: CurlInvocation, in mesh: MeshSnapshot) -> Prediction {
        let replay = LineReplay(loaded(mesh), ReplaySettings())
        var prediction = Prediction()
        for (number, transfer) in invocation.transfers.enumerated() {
            let results: [LineReplay.Result]
            do {
                results = try replay.run(
                    transfer, caller: invocation.caller, id: "\(number + 1)", count: invocation.count ?? 1)
            } catch {
                return .refused("\(error)")
            }
            if invocation.caller?.isPod == true, let failure = results.last?.answer.failure {
                prediction.errorLines.append(PredictedLine("command terminated with exit code \(failure.code)"))
            }
            for (index, result) in results.enumerated() {
                let isLast = index == results.count - 1
                prediction.effects.append(summary(result))
                prediction.notes += problems(of: result)
                prediction.isFailure = result.answer.failure != nil
                guard isLast || result.transfer.output.includesHeaders else { continue }
                // A loop prints as often; beyond what a page would print, once is enough.
                let count = (invocation.count ?? 1) <= 100 ? invocation.count ?? 1 : 1
                for _ in 0..<max(1, count) { add(result, isLast: isLast, of: mesh, to: &prediction) }
            }
        }
        return prediction
    }

    /// What is not as it should be on the way, at the places that make it so.
    private func problems(of result: LineReplay.Result) -> [Diagnostic] {
        (result.path?.problems ?? []).map { fact in
            // Without a code it is a word about this request, not a finding about the page.
            let severity: Diagnostic.Severity = fact.code == nil ? .info : fact.verdict == .bad ? .error : .warning
            return Diagnostic(severity, fact.text, at: fact.source?.location, code: fact.code)
        }
    }

    private func add(
        _ result: LineReplay.Result, isLast: Bool, of mesh: MeshSnapshot, to prediction: inout Prediction
    ) {
        var answer = result.answer
        let isUnknown = result.isOfUnknownApplication(mesh)
        if isUnknown {
            // What the stand-in for the application answers is not what this one will.
            let output = result.transfer.output
            if output.file == nil, output.redirectedTo == nil {
                prediction.content = output.includesHeaders || output.isVerbose ? .unknownApplication : .unknownBody
            }
            let remark = "the application answers: its status is taken for 200, its headers and body are not known"
            if prediction.effects.last != remark { prediction.effects.append(remark) }
            answer.trace?.response?.headers.removeAll { Self.applicationHeaders.contains($0.name.lowercased()) }
            answer.body = []
        }
        if !isLast { answer.transfer.output.writeOut = nil }
        prediction.errorLines += lines(answer.standardError, isHead: false)
        let output = lines(
            String(decoding: answer.standardOutput, as: UTF8.self), isHead: result.transfer.output.includesHeaders)
        // Without a body to count, the length that curl would show is made up.
        prediction.lines += isUnknown ? output.filter { !$0.text.hasPrefix("content-length: ") } : output
    }

    private func lines(_ text: String, isHead: Bool) -> [PredictedLine] {
        var isHead = isHead
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            if line.isEmpty { isHead = false }
            return isHead || line.hasPrefix("< ") ? PredictedLine(header: String(line)) : PredictedLine(String(line))
        }
    }

    private static let applicationHeaders: Set<String> = [
        "content-type", "content-length", "access-control-allow-origin", "access-control-allow-credentials",
    ]

    /// Where the request goes, in a line.
    private func summary(_ result: LineReplay.Result) -> String {
        let request = result.transfer.request
        let subject = "\(request.method) \(request.url.description)"
        guard let trace = result.answer.trace else {
            return "\(subject): \(result.answer.problem?.message ?? "no answer")"
        }
        let status = trace.response?.status.map { "\($0)" } ?? result.answer.failure?.message ?? "no answer"
        let flags = trace.response?.flags ?? "-"
        let way = trace.hops.compactMap { $0.clusterReference }.joined(separator: ", then ")
        return "\(subject): \(status)" + (flags == "-" ? "" : " \(flags)") + (way.isEmpty ? "" : " by \(way)")
    }
}

extension LineReplay.Result {
    /// Whether the answer comes from an application whose answers meshtop does not know: all but httpbin.
    fileprivate func isOfUnknownApplication(_ mesh: MeshSnapshot) -> Bool {
        guard let trace = answer.trace, trace.response?.details == "via_upstream" else { return false }
        guard let workload = trace.hops.lazy.compactMap({ $0.host?.value.workload }).last else { return true }
        let images = mesh.pods.filter { $0.namespace == workload.namespace && $0.name == workload.pod }
            .flatMap(\.spec.containers).map(\.image)
        return !images.contains { $0.contains("httpbin") }
    }
}
