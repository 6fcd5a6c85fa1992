import EnvoyModel

/// All conditions of a route made ready.
final class CompiledRouteMatch: Sendable {
    let value: RouteMatch
    let path: CompiledPathMatch
    let headers: [CompiledHeaderMatcher]
    let queryParameters: [CompiledQueryMatcher]
    /// No other conditions than the path and the two lists.
    let isPlain: Bool

    init(_ value: RouteMatch, compiler: inout SnapshotCompiler) {
        self.value = value
        path = CompiledPathMatch(value, compiler: &compiler)
        headers = value.headers.map { CompiledHeaderMatcher($0, compiler: &compiler) }
        queryParameters = value.queryParameters.map { CompiledQueryMatcher($0, compiler: &compiler) }
        isPlain =
            !value.grpc && value.runtimeFraction == nil && value.tlsContextPresented == nil
            && value.tlsContextValidated == nil && value.dynamicMetadata.isEmpty
    }

    /// Whether all conditions but the runtime fraction hold.
    @inline(__always)
    func matches(_ request: borrowing RequestHead, _ view: RequestView) -> Bool {
        guard path.matches(request, view) else { return false }
        var index = 0
        while index < headers.count {
            if !headers[index].matches(request, view) { return false }
            index += 1
        }
        index = 0
        while index < queryParameters.count {
            if !queryParameters[index].matches(request) { return false }
            index += 1
        }
        return isPlain || matchesRest(view)
    }

    private func matchesRest(_ view: RequestView) -> Bool {
        if value.grpc, !view.isGRPC { return false }
        if let presented = value.tlsContextPresented, presented != view.hasPeerCertificate { return false }
        if let validated = value.tlsContextValidated, validated != view.hasPeerCertificate { return false }
        // No filter that meshtop runs sets dynamic metadata: every value is absent.
        for matcher in value.dynamicMetadata where !matcher.invert { return false }
        return true
    }

    /// How each condition went.
    func evidence(_ request: RequestHead, _ view: RequestView) -> [Evidence] {
        let path = request.block.string(view.matchedPath)
        let pathMatches = self.path.matches(request, view)
        var all = [
            Evidence(
                .path(kind: value.pathKind), isMet: pathMatches, expected: value.pathWords, actual: path,
                difference: pathMatches ? nil : value.pathDifference(from: path))
        ]
        all += headers.map { $0.evidence(request, view) }
        all += queryParameters.map { $0.evidence(request) }
        if value.grpc {
            all.append(Evidence(.grpc, isMet: view.isGRPC, expected: "a gRPC request", actual: nil))
        }
        if let presented = value.tlsContextPresented ?? value.tlsContextValidated {
            all.append(
                Evidence(
                    .tls, isMet: presented == view.hasPeerCertificate,
                    expected: presented ? "a client certificate" : "no client certificate",
                    actual: view.hasPeerCertificate ? "a client certificate" : nil))
        }
        all += value.dynamicMetadata.map { matcher in
            Evidence(
                .dynamicMetadata, isMet: matcher.invert,
                expected: (matcher.invert ? "not " : "") + matcher.path.joined(separator: "."), actual: nil)
        }
        return all
    }
}

extension FractionalPercent {
    /// Whether the random value lies in the fraction: `value % denominator < numerator`.
    @inline(__always)
    func contains(_ random: UInt64) -> Bool { random % denominator.value < UInt64(numerator) }

    var share: Double { min(1, Double(numerator) / Double(denominator.value)) }
}
