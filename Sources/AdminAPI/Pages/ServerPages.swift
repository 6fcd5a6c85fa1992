import Documents
import EnvoyModel
import Glibc

/// `/server_info`.
enum ServerInfoPage {
    static func json(version: String, state: String, uptime: Double, concurrency: Int, node: NodeInfo?) -> JSON {
        let seconds = JSON.string("\(Int64(max(0, min(uptime, 1e15))))s")
        var info: JSONObject = JSONObject()
        info.add("version", .string(version))
        info.add("state", .string(state))
        info.add("uptime_current_epoch", seconds)
        info.add("uptime_all_epochs", seconds)
        info.add("hot_restart_version", "disabled")
        info.add(
            "command_line_options",
            ["concurrency": .int(Int64(concurrency)), "mode": "Serve", "disable_hot_restart": true])
        info.add("node", node?.json)
        return .object(info)
    }
}

/// `/memory`: what the kernel says of this process, in bytes. The allocator's own books are not open to us.
enum MemoryPage {
    static var json: JSON {
        let (reserved, resident) = sizes
        return [
            "allocated": .string(String(resident)), "heap_size": .string(String(reserved)), "pageheap_unmapped": "0",
            "pageheap_free": "0", "total_thread_cache": "0", "total_physical_bytes": .string(String(resident)),
        ]
    }

    /// The data segment and the resident set.
    private static var sizes: (reserved: UInt64, resident: UInt64) {
        guard let file = fopen("/proc/self/statm", "r") else { return (0, 0) }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = fread(&buffer, 1, buffer.count, file)
        let pages = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: " ").map { UInt64($0) ?? 0 }
        guard pages.count > 5 else { return (0, 0) }
        let pageSize = UInt64(max(0, sysconf(Int32(_SC_PAGESIZE))))
        return (pages[5] &* pageSize, pages[1] &* pageSize)
    }
}

/// The commands that meshtop answers, in the layout of Envoy's `/help`.
let helpText = """
    admin commands are:
      /: Admin home page
      /certs: print certs on machine
      /clusters: upstream cluster status
          filter: Regular expression (Google re2) for filtering clusters by name
          format: File format to use; One of (text, json)
      /config_dump: dump current Envoy configs
          resource: The resource to dump
          mask: The mask to apply. When both resource and mask are specified, the mask is applied to every element in the desired repeated field so that only a subset of fields are returned. The mask is parsed as a Protobuf::FieldMask
          name_regex: Dump only the currently loaded configurations whose names match the specified regex. Can be used with both resource and mask query parameters.
          include_eds: Dump currently loaded configuration including EDS. See the response definition for more information
      /drain_listeners (POST): drain listeners
          graceful: When draining listeners, enter a graceful drain period prior to closing listeners
          inboundonly: Drains all inbound listeners
      /healthcheck/fail (POST): cause the server to fail health checks
      /healthcheck/ok (POST): cause the server to pass health checks
      /help: print out list of admin commands
      /hot_restart_version: print the hot restart compatibility version
      /init_dump: dump current Envoy init manager information (experimental)
      /listeners: print listener info
          format: File format to use; One of (text, json)
      /logging (POST): query/change logging levels
          paths: Change multiple logging levels by setting to <logger_name1>:<desired_level1>,<logger_name2>:<desired_level2>
          level: desired logging level, this will change all loggers's level; One of (, trace, debug, info, warning, error, critical, off)
      /memory: print current allocation/heap usage
      /quitquitquit (POST): exit the server
      /ready: print server state, return 200 if LIVE, otherwise return 503
      /reopen_logs (POST): reopen access logs
      /reset_counters (POST): reset all counters to zero
      /runtime: print runtime values
      /server_info: print server version/status information
      /stats: print server stats
          usedonly: Only include stats that have been written by system since restart
          filter: Regular expression (Google re2) for filtering stats
          format: Format to use; One of (text, json, prometheus)
          type: Stat types to include.; One of (All, Counters, Histograms, Gauges, TextReadouts)
          histogram_buckets: Histogram bucket display mode; One of (cumulative, disjoint, detailed, summary)
      /stats/prometheus: print server stats in prometheus format
          usedonly: Only include stats that have been written by system since restart
          filter: Regular expression (Google re2) for filtering stats

    """
