package import CurlCommand
import Documents
package import Paths
package import TrafficEngine

/// What curl would print for a transfer with a predicted answer.
package struct CurlAnswer: Sendable {
    package var transfer: CurlTransfer
    package var trace: TrafficTrace?
    /// What no trace was made for: the destination is not reachable.
    package var problem: UnreachableDestination?
    package var body: [UInt8]
    package var redirectCount: Int
    /// Where the next request would go, for `%{redirect_url}`.
    package var redirectAddress: String?
    /// What the proxy would put into `date`; `nil` leaves it out.
    package var date: String?

    package init(
        transfer: CurlTransfer, trace: TrafficTrace?, problem: UnreachableDestination? = nil, body: [UInt8] = [],
        redirectCount: Int = 0, redirectAddress: String? = nil
    ) {
        self.transfer = transfer
        self.trace = trace
        self.problem = problem
        self.body = body
        self.redirectCount = redirectCount
        self.redirectAddress = redirectAddress
    }

    private var output: CurlOutput { transfer.output }
    private var request: CurlRequest { transfer.request }
    private var version: String { trace?.usesHTTP2 == true ? "2" : "1.1" }

    package var status: Int? { trace?.response?.status }

    // MARK: Outcome

    /// curl's own exit code and message, for a transfer that fails.
    package var failure: (code: Int, message: String)? {
        let connection = request.connection
        let refused = (
            7, "Failed to connect to \(connection.host) port \(connection.port) after 0 ms: Couldn't connect to server"
        )
        if problem != nil { return refused }
        switch trace?.error {
        case .noListener: return refused
        case .noFilterChain, .multipleFilterChains:
            return request.isTLS
                ? (
                    35,
                    "OpenSSL SSL_connect: Connection reset by peer in connection to \(connection.host):\(connection.port) "
                )
                : (56, "Recv failure: Connection reset by peer")
        case .tlsError: return (52, "Empty reply from server")
        case .protocolError:
            return request.isTLS
                ? (35, "error:0A00010B:SSL routines::wrong version number") : (52, "Empty reply from server")
        case .mtlsError where request.connection.clientCertificate != nil:
            return (56, "OpenSSL SSL_read: error:0A000418:SSL routines::tlsv1 alert unknown ca, errno 0")
        case .mtlsError:
            return (56, "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0")
        case .noRoute, .noVirtualHost, .tlsRedirect, nil: break
        }
        // A connection that a TCP proxy took and could not pass on is closed on the client.
        if let response = trace?.response, response.status == nil, !["", "-"].contains(response.flags) {
            return request.isTLS
                ? (35, "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to \(connection.host):\(connection.port) ")
                : (52, "Empty reply from server")
        }
        if let status, status >= 400, output.fails || output.failsWithBody {
            return (22, "The requested URL returned error: \(status)")
        }
        return trace?.response == nil ? (52, "Empty reply from server") : nil
    }

    // MARK: Text

    /// The status line and headers as curl shows them.
    package var head: String {
        guard let response = trace?.response, let status = response.status else { return "" }
        let reason = version == "2" ? "" : StatusWords.reason(status)
        var text = "HTTP/\(version) \(status) \(reason)\r\n"
        var headers = response.headers
        if let date, !headers.contains(where: { $0.name == "date" }) {
            let place = headers.firstIndex { $0.name == "server" } ?? headers.endIndex
            headers.insert(SyntheticRequest.Header("date", date), at: place)
        }
        for header in headers {
            // Generated values are written "*" in a trace; a prediction takes no time.
            let isTime = header.name == "x-envoy-upstream-service-time" && header.value == "*"
            text += "\(header.name): \(isTime ? "0" : header.value)\r\n"
        }
        return text + framing(response, status) + "\r\n"
    }

    /// How Envoy's HTTP/1 codec delimits an answer that does not say its length.
    private func framing(_ response: TraceResponse, _ status: Int) -> String {
        let isFramed = response.headers.contains { ["content-length", "transfer-encoding"].contains($0.name) }
        guard version != "2", !isFramed, status >= 200, status != 204, status != 304 else { return "" }
        return request.method == "HEAD" ? "transfer-encoding: chunked\r\n" : "content-length: \(body.count)\r\n"
    }

    /// What goes to standard output.
    package var standardOutput: [UInt8] {
        var bytes: [UInt8] = []
        let hides = failure != nil && output.fails && !output.failsWithBody
        if trace?.response?.status != nil {
            if output.includesHeaders && !isElsewhere { bytes += Array(head.utf8) }
            if !output.hidesBody && !hides && request.method != "HEAD" { bytes += body }
        }
        if let format = output.writeOut {
            bytes += Array(
                WriteOut(self, exitCode: failure?.code ?? 0, message: failure?.message ?? "").text(format).utf8)
        }
        return bytes
    }

    /// `-o FILE` and `> FILE` take the headers too.
    private var isElsewhere: Bool { output.file != nil || output.redirectedTo != nil }

    /// What goes to standard error: `-v`, failures.
    package var standardError: String {
        var text = ""
        if output.isVerbose { text += verbose }
        if let failure, !output.isSilent || output.showsErrors {
            text += "curl: (\(failure.code)) \(failure.message)\n"
        }
        return text
    }

    private var verbose: String {
        let connection = request.connection
        let address = connection.addresses.first ?? connection.host
        var text = ""
        if connection.addresses.first.map({ $0 != connection.host }) == true {
            text +=
                "* Added \(connection.host):\(connection.port):\(connection.addresses.joined(separator: ",")) to DNS cache\n"
            text += "* Hostname \(connection.host) was found in DNS cache\n"
        }
        text += "*   Trying \(address):\(connection.port)...\n"
        if problem != nil || trace?.error == .noListener {
            return text
                + "* connect to \(address) port \(connection.port) failed: Connection refused\n* Closing connection 0\n"
        }
        text += "* Connected to \(connection.host) (\(address)) port \(connection.port) (#0)\n"
        if request.isTLS { text += "* ALPN: offers \(connection.alpn.joined(separator: ","))\n" }
        text +=
            "> \(request.method) \(request.target) HTTP/\(version == "2" ? "2" : request.version == .http10 ? "1.0" : "1.1")\n"
        for header in request.headers { text += "> \(header.line)\n" }
        text += "> \n"
        for line in head.split(separator: "\r\n", omittingEmptySubsequences: false).dropLast() { text += "< \(line)\n" }
        return text + "* Connection #0 to host \(connection.host) left intact\n"
    }
}

/// curl's `-w`.
struct WriteOut {
    let answer: CurlAnswer
    let exitCode: Int
    let message: String

    init(_ answer: CurlAnswer, exitCode: Int, message: String) {
        self.answer = answer
        self.exitCode = exitCode
        self.message = message
    }

    func text(_ format: String) -> String {
        var result = ""
        var rest = format[...]
        while let character = rest.popFirst() {
            if character == "\\", let escape = rest.popFirst() {
                switch escape {
                case "n": result += "\n"
                case "r": result += "\r"
                case "t": result += "\t"
                default: result += "\\\(escape)"
                }
            } else if character == "%", let next = rest.first {
                if next == "%" {
                    rest = rest.dropFirst()
                    result += "%"
                } else if next == "{", let close = rest.firstIndex(of: "}") {
                    let name = String(rest[rest.index(after: rest.startIndex)..<close])
                    rest = rest[rest.index(after: close)...]
                    result += value(name) ?? "%{\(name)}"
                } else if rest.hasPrefix("header{"), let close = rest.firstIndex(of: "}") {
                    let name = rest[rest.index(rest.startIndex, offsetBy: 7)..<close].lowercased()
                    rest = rest[rest.index(after: close)...]
                    result += header(name) ?? ""
                } else {
                    result += "%"
                }
            } else {
                result.append(character)
            }
        }
        return result
    }

    private func header(_ name: String) -> String? {
        answer.trace?.response?.headers.first { $0.name.lowercased() == name }?.value
    }

    private func value(_ name: String) -> String? {
        let request = answer.transfer.request
        let status = answer.status ?? 0
        let isAnswered = answer.trace?.response != nil
        switch name {
        case "http_code", "response_code":
            let text = "\(status)"
            return String(repeating: "0", count: max(0, 3 - text.count)) + text
        case "http_version": return !isAnswered ? "0" : answer.trace?.usesHTTP2 == true ? "2" : "1.1"
        case "size_download": return request.method == "HEAD" ? "0" : "\(answer.body.count)"
        case "size_upload": return "\(request.body?.count ?? 0)"
        case "num_redirects": return "\(answer.redirectCount)"
        case "redirect_url": return answer.redirectAddress ?? ""
        case "url", "url_effective": return request.url.description
        case "remote_ip": return isAnswered ? request.connection.addresses.first ?? "" : ""
        case "remote_port": return isAnswered ? "\(request.connection.port)" : "0"
        case "local_ip": return isAnswered ? answer.trace?.request.sourceIP ?? "" : ""
        case "local_port", "http_connect", "proxy_ssl_verify_result", "ssl_verify_result": return "0"
        case "method": return request.method
        case "scheme": return isAnswered ? request.url.scheme.uppercased() : ""
        case "content_type": return header("content-type") ?? ""
        case "exitcode": return "\(exitCode)"
        case "errormsg": return message
        case "num_connects": return isAnswered ? "1" : "0"
        case "num_headers": return "\(answer.trace?.response?.headers.count ?? 0)"
        case "urlnum": return "0"
        case "filename_effective": return answer.transfer.output.file ?? ""
        case "header_json": return headerJSON
        case "stderr", "stdout": return ""
        // Nothing is sent, so nothing takes time.
        case _ where name.hasPrefix("time_"): return "0.000000"
        case _ where name.hasPrefix("speed_") || name.hasPrefix("size_"): return "0"
        default: return nil
        }
    }

    private var headerJSON: String {
        var object = JSONObject()
        for header in answer.trace?.response?.headers ?? [] {
            let name = header.name.lowercased()
            object[name] = .array((object[name]?.array ?? []) + [.string(header.value)])
        }
        return JSON.object(object).text()
    }
}
