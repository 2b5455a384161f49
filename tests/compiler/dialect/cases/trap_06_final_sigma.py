def main() -> None:
    print("ΑΣ".lower(), "ΑΣ Β".lower(), "Σ".lower(), "ΑΣΑ".lower(), "ΟΔΥΣΣΕΥΣ".lower())
