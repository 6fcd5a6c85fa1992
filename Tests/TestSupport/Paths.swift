import Glibc

/// The folder of `Package.swift`.
package let packageRoot = parentFolder(of: #filePath, levels: 3)

/// The oracles, where the project is checked out beside them; `nil` elsewhere. A test that needs them says so:
/// `@Test(.enabled(if: oracleFolder != nil, "the oracle folder is not here"))`.
package let oracleFolder: String? = {
    let path = packageRoot + "/../shared/oracle"
    return access(path, R_OK) == 0 ? path : nil
}()

/// The tutorials of others that `play` is measured by, where the project is checked out beside them; `nil` elsewhere.
package let seedFolder: String? = {
    let path = packageRoot + "/../shared/seeds"
    return access(path, R_OK) == 0 ? path : nil
}()

/// The path of a file beside the test that asks: `casesPath("hostile")` is `Tests/<Target>Tests/Cases/hostile`.
package func casesPath(_ name: String, of testFile: String = #filePath) -> String {
    parentFolder(of: testFile, levels: 1) + "/Cases/" + name
}

private func parentFolder(of path: String, levels: Int) -> String {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(min(levels, parts.count))
    return parts.joined(separator: "/")
}
