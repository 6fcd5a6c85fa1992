package import Certificates
package import Documents

/// One line of `proxy-config secret`: a certificate, or a secret without a readable one.
package struct SecretRow: Hashable, Sendable {
    package var name: String
    package var isWarming: Bool
    package var certificate: CertificateFacts?
    /// Of the bundle it came from, else the certificate's own.
    package var trustDomain: String
    /// Whether now lies between the certificate's dates.
    package var isValid: Bool

    private init(name: String, isWarming: Bool, pem: [UInt8]?, bundle: String?, now: Int64) {
        self.name = name
        self.isWarming = isWarming
        certificate = pem.flatMap { CertificateFacts(pem: $0) }
        trustDomain = bundle ?? certificate?.trustDomain ?? ""
        isValid = certificate.map { $0.notBefore <= now && now <= $0.notAfter } ?? false
    }

    /// `RESOURCE NAME TYPE STATUS VALID CERT SERIAL NUMBER NOT AFTER NOT BEFORE`, and `TRUST DOMAIN` when every row has one.
    package static func table(for rows: [SecretRow], qualified: Bool = false) -> Table<SecretRow> {
        var columns: [Column<SecretRow>] = [
            Column("RESOURCE NAME") { (qualified ? "secret/" : "") + $0.name },
            Column("TYPE") { $0.certificate.map { $0.isAuthority ? "CA" : "Cert Chain" } ?? "" },
            Column("STATUS") { $0.isWarming ? "WARMING" : "ACTIVE" },
            Column("VALID CERT") { $0.isValid ? "true" : "false" },
            Column("SERIAL NUMBER") { $0.certificate?.serialNumber ?? "" },
            Column("NOT AFTER", number: { Double($0.certificate?.notAfter ?? 0) }) { row in
                row.certificate.map { CertificateFacts.text(ofTime: $0.notAfter) } ?? ""
            },
            Column("NOT BEFORE", number: { Double($0.certificate?.notBefore ?? 0) }) { row in
                row.certificate.map { CertificateFacts.text(ofTime: $0.notBefore) } ?? ""
            },
        ]
        if !rows.isEmpty, rows.allSatisfy({ !$0.trustDomain.isEmpty }) {
            columns.append(Column("TRUST DOMAIN") { $0.trustDomain })
        }
        return Table(padding: 5, columns)
    }

    /// Of a `SecretsConfigDump` in istioctl's names: warming secrets first, then the active ones; `now` is
    /// in seconds since 1970.
    package static func rows(of section: JSONObject, now: Int64) -> [SecretRow] {
        [("dynamicWarmingSecrets", true), ("dynamicActiveSecrets", false)].flatMap { key, isWarming in
            (section[key]?.array ?? []).flatMap { rows(of: $0, isWarming: isWarming, now: now) }
        }
    }

    private static func rows(of entry: JSON, isWarming: Bool, now: Int64) -> [SecretRow] {
        let name = entry["name"]?.string ?? ""
        let secret = entry["secret"]
        let context = secret?["validationContext"]
        let pem = bytes(secret?["tlsCertificate"]?["certificateChain"]) ?? bytes(context?["trustedCa"])
        let validator = context?["customValidatorConfig"]?["typedConfig"]
        if pem == nil, validator?["@type"]?.string?.hasSuffix("tls.v3.SPIFFECertValidatorConfig") == true {
            return (validator?["trustDomains"]?.array ?? []).map { domain in
                SecretRow(
                    name: name, isWarming: isWarming, pem: bytes(domain["trustBundle"]),
                    bundle: domain["name"]?.string ?? "", now: now)
            }
        }
        return [SecretRow(name: name, isWarming: isWarming, pem: pem, bundle: nil, now: now)]
    }

    /// A `DataSource`'s inline bytes; inline strings and files do not count.
    private static func bytes(_ source: JSON?) -> [UInt8]? {
        guard let text = source?["inlineBytes"]?.string, !text.isEmpty else { return nil }
        return Base64.decode(text)
    }
}
