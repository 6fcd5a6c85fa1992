import EnvoyModel
import TrafficEngine

/// Writes one JSON line a finished request, with the keys of Istio's JSON access log.
enum AccessLog {
    static func append(_ client: ClientConnection, now: UInt64, startTime: Int64, to output: inout ByteQueue) {
        let block = client.head.block
        output.append("{\"start_time\":\"")
        Timestamp.append(microseconds: startTime, to: &output)
        output.append("\"")
        field("method", block, client.scanner.method, &output)
        field("path", block, path(client), &output)
        field("authority", block, client.head.hasHost ? client.head.authority : nil, &output)
        output.append(
            client.scanner.version == .http11 ? ",\"protocol\":\"HTTP/1.1\"" : ",\"protocol\":\"HTTP/1.0\"")
        number("response_code", UInt64(max(0, client.responseStatus)), &output)
        text("response_flags", client.flags.text, &output)
        text("response_code_details", client.details.hasContent ? "\(client.details)" : nil, &output)
        output.append(",\"connection_termination_details\":null")
        text("route_name", client.decision.route?.name, &output)
        text("virtual_host", client.decision.virtualHost?.name, &output)
        text("upstream_cluster", client.decision.cluster?.name, &output)
        text("upstream_host", client.decision.host?.address, &output)
        text(
            "upstream_transport_failure_reason",
            client.transportFailure.hasContent ? "\(client.transportFailure)" : nil, &output)
        number("upstream_request_attempt_count", UInt64(client.attempts), &output)
        number("bytes_received", client.bytesReceived, &output)
        number("bytes_sent", client.bytesSent, &output)
        number("duration", (now &- client.startTime) / 1_000_000, &output)
        if client.firstResponseTime > 0 {
            let time = (client.firstResponseTime &- client.upstreamStartTime) / 1_000_000
            output.append(",\"upstream_service_time\":\"")
            output.append(decimal: time)
            output.append("\"")
        } else {
            output.append(",\"upstream_service_time\":null")
        }
        field("x_forwarded_for", block, block.first("x-forwarded-for"), &output)
        field("user_agent", block, block.first("user-agent"), &output)
        field("request_id", block, block.first("x-request-id"), &output)
        output.append(",\"requested_server_name\":null,\"upstream_local_address\":null")
        text("downstream_remote_address", client.identity.remoteAddress, &output)
        let local = client.listener.address
        text("downstream_local_address", "\(local.address):\(local.port)", &output)
        text("listener", client.identity.listener, &output)
        text("proxy", client.identity.proxy, &output)
        output.append("}\n")
    }

    /// As Istio's `%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%`.
    private static func path(_ client: ClientConnection) -> ByteRange? {
        if let original = client.head.block.first("x-envoy-original-path") { return original }
        return client.head.path.isEmpty ? client.scanner.target : client.head.path
    }

    private static func key(_ key: StaticString, _ output: inout ByteQueue) {
        output.append(",\"")
        output.append(key)
        output.append("\":")
    }

    private static func field(
        _ name: StaticString, _ block: borrowing HeaderBlock, _ range: ByteRange?, _ output: inout ByteQueue
    ) {
        key(name, &output)
        guard let range, !range.isEmpty else {
            output.append("null")
            return
        }
        JSONText.append(String(decoding: block.storage[range.range], as: UTF8.self), to: &output)
    }

    private static func text(_ name: StaticString, _ value: String?, _ output: inout ByteQueue) {
        key(name, &output)
        guard let value, !value.isEmpty else {
            output.append("null")
            return
        }
        JSONText.append(value, to: &output)
    }

    private static func number(_ name: StaticString, _ value: UInt64, _ output: inout ByteQueue) {
        key(name, &output)
        output.append(decimal: value)
    }
}

extension StaticString {
    var hasContent: Bool { utf8CodeUnitCount > 0 }
}

/// JSON strings into a queue of bytes.
package enum JSONText {
    package static func append(_ text: String, to output: inout ByteQueue) {
        output.append(34)
        for byte in text.utf8 {
            switch byte {
            case 34: output.append("\\\"")
            case 92: output.append("\\\\")
            case 10: output.append("\\n")
            case 13: output.append("\\r")
            case 9: output.append("\\t")
            case 0..<32, 127:
                output.append("\\u00")
                output.append(byte < 16 ? 48 : byte == 127 ? 55 : 49)
                let low = byte & 15
                output.append(low < 10 ? 48 + low : 87 + low)
            default: output.append(byte)
            }
        }
        output.append(34)
    }
}
