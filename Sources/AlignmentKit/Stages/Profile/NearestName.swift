/// The name that takes the fewest edits to reach: letters put in, left out, replaced or exchanged with the next.
/// The earlier one wins a tie.
package func nearestName(to name: String, in names: [String]) -> String? {
    let distances = names.map { ($0, editDistance(Array(name.lowercased()), Array($0.lowercased()))) }
    return distances.min { $0.1 < $1.1 }?.0
}

/// Optimal string alignment distance (Damerau 1964, Levenshtein 1966).
func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var least = min(
                last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
            if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                least = min(least, beforeLast[column - 1] + 1)
            }
            current.append(least)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}
