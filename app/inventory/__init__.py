"""What we own and where it is: models, devices, codes, custody, holds, care, labels. Who borrows stands above."""
