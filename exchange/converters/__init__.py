"""Other systems' files, turned into exchange folders: a start, which its owner completes."""
