"""What we own and where it is: models, devices, codes, custody, holds, care, labels. To whom it is lent stands above."""
