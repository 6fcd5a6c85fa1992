import CurlCommand
package import MeshModel
package import TrafficEngine

extension SyntheticRequest {
    /// A line that sends the request, as a user would type it. `entrance` is where the proxy's port is reached from outside; `nil` is at the
    /// destination itself. `caller` is the Pod whose sidecar it goes through, for outbound requests.
    package func commandLine(entrance: (host: String, port: Int)?, caller: NamespacedName? = nil) -> String {
        let destination = entrance ?? (host: address, port: Int(port))
        guard application != .tcp else {
            return "# a TCP connection to \(destination.host):\(destination.port), \(transport.rawValue)"
        }
        var words: [String] = []
        if mode == .outbound, let caller {
            words += ["kubectl", "exec", caller.name, "-n", caller.namespace, "--"]
        }
        words.append("curl")
        if let clientCertificate { words += ["--cert", ShellQuoting.quoted(clientCertificate)] }
        if method != "GET" { words += ["-X", ShellQuoting.quoted(method)] }
        if application == .http2, transport == .plaintext { words.append("--http2-prior-knowledge") }
        let isTLS = transport != .plaintext
        let standardPort = isTLS ? 443 : 80
        let suffix = destination.port == standardPort ? "" : ":\(destination.port)"
        var host = destination.host.contains(":") ? "[\(destination.host)]" : destination.host
        if isTLS, !serverName.isEmpty {
            words += ["-k", "--resolve", "\(serverName):\(destination.port):\(destination.host)"]
            host = serverName
        } else if isTLS {
            words.append("-k")
        } else if mode == .outbound, let authority, let name = authority.split(separator: ":").first {
            host = String(name)
        }
        if let authority, authority != host, authority != host + suffix {
            words += ["-H", ShellQuoting.always("Host: \(authority)")]
        }
        for header in headers {
            words += ["-H", ShellQuoting.always("\(header.name)\(header.value.isEmpty ? ";" : ": " + header.value)")]
        }
        words.append(ShellQuoting.quoted("\(isTLS ? "https" : "http")://\(host)\(suffix)\(path)"))
        if transport == .mtls { words.append("# with the mesh's client certificate") }
        return words.joined(separator: " ")
    }
}
