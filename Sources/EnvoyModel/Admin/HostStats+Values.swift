import Documents

extension HostStats {
    struct Value {
        let name: String
        let value: UInt64
        let isGauge: Bool

        /// `SimpleMetric`: the value is a string, absent when 0; a counter's type is absent.
        var json: JSON {
            var metric = JSONObject()
            if isGauge { metric.add("type", "GAUGE") }
            if value != 0 { metric.add("value", .string(String(value))) }
            metric.add("name", .string(name))
            return .object(metric)
        }
    }

    var values: [Value] {
        [
            Value(name: "cx_connect_fail", value: cxConnectFail, isGauge: false),
            Value(name: "cx_total", value: cxTotal, isGauge: false),
            Value(name: "rq_error", value: rqError, isGauge: false),
            Value(name: "rq_success", value: rqSuccess, isGauge: false),
            Value(name: "rq_timeout", value: rqTimeout, isGauge: false),
            Value(name: "rq_total", value: rqTotal, isGauge: false),
            Value(name: "cx_active", value: cxActive, isGauge: true),
            Value(name: "rq_active", value: rqActive, isGauge: true),
            Value(name: "rq_pending_active", value: rqPendingActive, isGauge: true),
        ]
    }
}
